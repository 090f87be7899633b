echo a
echo "b
