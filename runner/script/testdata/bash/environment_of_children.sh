bash -c 'echo "$- ${BASH_ENV-none} $0 $#"; declare -F | wc -l; set | grep -c stepdeck'; sh -c 'set' | grep -c stepdeck
