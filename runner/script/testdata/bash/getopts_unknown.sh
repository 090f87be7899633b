# parameters: -x
while getopts ab: option; do echo "$option ${OPTARG-}"; done
