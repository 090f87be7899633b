# shellcheck shell=bash disable=SC2157,SC2194,SC1090,SC1091
# What every Bash script of a step finds: the variables of its project, and a way to set outputs. For Bash 3.2 and later.
# It starts no program unless a script sets an output of more than a few hundred bytes, and it leaves $0, "$@" and the
# shell's options as a script of its own would find them. Words like '@values@' are filled in for each run, quotes and all.

# get_octopusvariable NAME [VARIABLE]
# Prints the value of the project's variable NAME, nothing if there is none. With VARIABLE, the value goes into the shell
# variable of that name instead: faster than $(...), and it keeps line ends at the end of the value.
get_octopusvariable() {
  local __stepdeck_at=''
  __stepdeck_find "${1-}"
  if [ "$#" -gt 1 ]; then
    if [ -n "$__stepdeck_at" ]; then printf -v "$2" %s "${!__stepdeck_at}"; else printf -v "$2" %s ''; fi
  elif [ -n "$__stepdeck_at" ]; then
    printf %s "${!__stepdeck_at}"
  fi
}

# set_octopusvariable NAME VALUE [-sensitive]
# Sets the output variable NAME of this step.
set_octopusvariable() {
  local __stepdeck_flag=''
  if [ "${3-}" = -sensitive ]; then __stepdeck_flag=" sensitive='VHJ1ZQ=='"; fi # base64 of True
  printf "##octopus[setVariable name='%s' value='%s'%s]\n" \
    "$(__stepdeck_base64 "${1-}")" "$(__stepdeck_base64 "${2-}")" "$__stepdeck_flag"
}

# Called inside $(...) only: what it changes, it changes there.
__stepdeck_base64() {
  set +eux
  LC_ALL=C
  if [ "${#1}" -gt 300 ]; then # from here on a program is faster
    printf %s "$1" | base64 | tr -d '\r\n'
    return 0
  fi
  local digits=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
  local out='' i=0 a b c n
  while [ "$i" -lt "${#1}" ]; do
    b=0 c=0
    printf -v a %d "'${1:i:1}"
    [ "$((i + 1))" -lt "${#1}" ] && printf -v b %d "'${1:i+1:1}"
    [ "$((i + 2))" -lt "${#1}" ] && printf -v c %d "'${1:i+2:1}"
    n=$(((a & 255) << 16 | (b & 255) << 8 | c & 255)) # a byte beyond 127 may come as a negative number
    out=$out${digits:n >> 18:1}${digits:n >> 12 & 63:1}${digits:n >> 6 & 63:1}${digits:n & 63:1}
    i=$((i + 3))
  done
  case $((${#1} % 3)) in
    1) out=${out%??}== ;;
    2) out=${out%?}= ;;
  esac
  printf %s "$out"
}

# The file of values, where there is one, defines it anew: it says which shell variable holds the value of a name.
__stepdeck_find() { :; }

# The values come by a file, since programs that the script starts would see them in the environment. Bash can't delete
# it without starting a program; it is emptied here, and removed when the script has ended.
if [ -n '@values@' ]; then
  . '@values@' && : >| '@values@' || exit 1
fi

case '@stop@' in yes) set -eo pipefail ;; esac

. "$0" '@parameters@'
