f() { g; }
g() { local i=0; while caller $i; do i=$((i+1)); done; echo "${FUNCNAME[@]}" "${BASH_LINENO[@]}"; }
f
