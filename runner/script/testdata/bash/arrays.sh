a=(1 'b c' [5]=x); declare -p a; for i in "${!a[@]}"; do echo "$i ${a[$i]}"; done; unset 'a[1]'; echo "${#a[@]}"
