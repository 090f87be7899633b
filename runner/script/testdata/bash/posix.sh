set -o posix; echo $-; f() { echo f; }; f; [ -n "$POSIXLY_CORRECT" ] && echo yes
