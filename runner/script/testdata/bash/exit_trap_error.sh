trap 'echo bye $? $LINENO' EXIT
set -e
false
