trap 'echo "trap $? ${FUNCNAME[*]-} $BASH_COMMAND" >&2' ERR
false
(exit 3)
! true
false | true
