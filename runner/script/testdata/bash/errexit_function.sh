set -Eeuo pipefail
trap 'echo "failed in line $LINENO: $BASH_COMMAND"' ERR
f() { false; echo never; }
f
