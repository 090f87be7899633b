trap 'echo bye $?' EXIT
echo a
exit 5
