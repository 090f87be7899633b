sed -n '/^DATA$/,$p' "$0" | tail -n 1
exit
DATA
the data
