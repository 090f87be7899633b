main() { echo "main $1 ${FUNCNAME[*]}"; }
if [ "${BASH_SOURCE[0]}" = "$0" ]; then main "$@"; fi
# parameters: x 'y z'
