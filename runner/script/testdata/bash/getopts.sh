# parameters: -a -b value rest more
while getopts ab:c option; do echo "$option ${OPTARG-}"; done
shift $((OPTIND - 1)); echo "$@"
