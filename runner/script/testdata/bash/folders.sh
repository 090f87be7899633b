pwd; cd /; pwd; cd - ; pushd / >/dev/null; dirs -l; popd; cd /no/such; echo $?; dirname "$0"; cd "$(dirname "${BASH_SOURCE[0]}")" && ls
