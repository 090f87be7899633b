echo a
if then
echo b
