# shellcheck shell=bash disable=SC1090,SC1091,SC2016,SC2142
# Lets a script source and start files beside it that have Windows line ends or a byte order mark. Read only where there are such
# files: by the bootstrap, and as BASH_ENV by each Bash that the script starts. For Bash 3.2 and later.
# Bash can read none of these files as they are, and their bytes must stay. It reads a copy instead, which appears in the folder of
# the file, where BASH_SOURCE leads, and is gone when it has been read.

unset BASH_ENV
. '@find@'

# The words are aliases and not functions: what a sourced file declares in a function would end with that.
__stepdeck_source='@source@'
shopt -s expand_aliases
__stepdeck_aliases() { alias source='source "$__stepdeck_source" "$#" "$@"' .='. "$__stepdeck_source" "$#" "$@"'; }
__stepdeck_aliases

# Scripts begin with unalias -a, so that no alias of a person's own changes what they do. These stay.
unalias() {
  builtin unalias "$@"
  set -- "$?"
  __stepdeck_aliases
  return "$1"
}

# bash and sh, for other programs too.
case :$PATH: in
  *:'@programs@':*) ;;
  *) PATH='@programs@':$PATH ;;
esac

# Finds what is to be read for a file to source: in __stepdeck_file, which is empty if there is no such file. The first statement of
# a copy removes __stepdeck_made.
__stepdeck_beside() {
  local path=$1 rest=$PATH: beside
  __stepdeck_file=$1 __stepdeck_made=''
  case $path in
    -*) return 0 ;; # an option, or an error that Bash reports
    */*) ;;
    *)
      path=./$1
      shopt -q sourcepath || rest=''
      while [ -n "$rest" ]; do
        if [ -f "${rest%%:*}/$1" ] && [ -r "${rest%%:*}/$1" ]; then
          path=${rest%%:*}/$1
          break
        fi
        rest=${rest#*:}
      done
      ;;
  esac
  if ! [ -e "$path" ]; then
    __stepdeck_file=''
    return 0
  fi
  __stepdeck_copy_of "$path"
  if [ -z "$__stepdeck_copy" ]; then return 0; fi
  __stepdeck_file=$__stepdeck_copy beside=${path%/*}/.${path##*/}.read
  # It exists if another process is reading it now, which removes it.
  if ! command ln "$__stepdeck_copy" "$beside" 2> /dev/null; then
    beside=$beside.${BASHPID:-$(exec sh -c 'echo "$PPID"')}
    command ln "$__stepdeck_copy" "$beside" 2> /dev/null || return 0
  fi
  __stepdeck_file=$beside __stepdeck_made=$beside
}
