exec 3> f; echo a >&3; exec 3>&-; cat f; exec 4< f; read -r l <&4; echo $l; { echo o; echo e >&2; } > b 2>&1; cat b; echo x >&9; echo $?
