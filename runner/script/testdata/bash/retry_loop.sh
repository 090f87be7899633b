n=0; until [ "$n" -ge 3 ]; do n=$((n+1)); echo "try $n"; [ $n = 2 ] && break; sleep 0; done; echo "after $n"
