declare -A m=([k]=v ['a b']='c d'); echo "${m[a b]}" "${#m[@]}"
f() { declare -gA n=([x]=y); }; f; echo "${n[x]}"
