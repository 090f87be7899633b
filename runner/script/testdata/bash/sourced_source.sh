if [[ ${BASH_SOURCE[0]} == "$0" ]]; then echo run; else echo sourced; fi
[ "$0" = "$BASH_SOURCE" ] && echo run
[[ ${#BASH_SOURCE[@]} -gt 1 ]] || echo alone
