(sleep 0.1; echo late) & wait; echo $?; (exit 3) & wait $!; echo $?; jobs; echo done
