coproc C { read -r l; echo "got $l"; }; echo hi >&${C[1]}; read -r l <&${C[0]}; echo "$l"; wait
