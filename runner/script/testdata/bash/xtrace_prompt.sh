PS4='+${BASH_SOURCE}:${LINENO}: '
set -x
echo a
