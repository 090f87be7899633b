sourced() { [ "${FUNCNAME[1]}" = source ]; }
if sourced; then echo sourced; else echo run; fi
echo "${FUNCNAME[@]-none}"
