for ((i=0;i<3;i++)); do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done; i=0; until ((i>2)); do ((i++)); ((i==2)) && break; done; echo $i
