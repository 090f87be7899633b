set -v
echo a
# comment
echo b
