ls /proc/self/fd 2>/dev/null | wc -l
