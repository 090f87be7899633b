# parameters: --flag "two words" '' 'it'"'"'s' naïve '*' '$HOME'
echo "$#"; printf '[%s]' "$@"; echo; echo "$*"; shift 2; printf '[%s]' "$@"; set -- new; echo "$1"
