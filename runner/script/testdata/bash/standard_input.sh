read -r line; echo $? "[$line]"; cat; [ -t 0 ] || echo no terminal
