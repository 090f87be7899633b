# shellcheck shell=bash disable=SC1090,SC2016,SC2128
# What source and . read instead of a file: number of the caller's own arguments, these arguments, file, arguments. See beside.sh.
{
  case $- in
    *a*x*) set +ax && __stepdeck_options=-ax ;;
    *a*) set +a && __stepdeck_options=-a ;;
    *x*) set +x && __stepdeck_options=-x ;;
    *) __stepdeck_options='' ;;
  esac
} 2> /dev/null
__stepdeck_beside "${@:$1 + 2:1}" || :
if [ -n "$__stepdeck_options" ]; then set "$__stepdeck_options"; fi
if [ -z "$__stepdeck_file" ]; then
  printf '%s: line %s: %s: No such file or directory\n' "${BASH_SOURCE[1]:-$0}" "${BASH_LINENO[0]}" "${@:$1 + 2:1}" >&2
  return 1
fi
# In a condition set -e does not count, but in Bash 3 it does for what a sourced file sources. What stands before || is a condition.
if [ "$#" -gt "$(($1 + 2))" ]; then
  case ${BASH_VERSINFO[0]} in
    3) builtin source "$__stepdeck_file" "${@:$1 + 3}" || return ;;
    *) builtin source "$__stepdeck_file" "${@:$1 + 3}" ;;
  esac
else
  # A file without arguments sees those of the caller, and can change them.
  set -- "${@:2:$1}"
  case ${BASH_VERSINFO[0]} in
    3) builtin source "$__stepdeck_file" || { set -- "$?" "$@" && eval "shift; return $1"; } ;;
    *) builtin source "$__stepdeck_file" ;;
  esac
  set -- "$?" "$@" # after other files were read, only this makes them the caller's
  eval "shift; return $1"
fi
