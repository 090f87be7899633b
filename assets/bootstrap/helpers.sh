# shellcheck shell=bash disable=SC2154
# Helpers for the Bash of a step, including its subshells. For Bash 3.2 and later; no program is started before a helper is called.

# set_octopusvariable NAME VALUE [-sensitive]
# Sets the output variable NAME of this step. Without a NAME it fails, and the message makes the step end with a warning
# if the script goes on.
set_octopusvariable() {
  local __stepdeck_flag='' __stepdeck_file=${BASH_SOURCE[1]:-$0} __stepdeck_status=0
  case ${1-} in
    *[![:space:]]*) ;;
    *)
      __stepdeck_status=1
      printf '%s: line %s: set_octopusvariable: the output variable has no name\n' "${__stepdeck_file##*/}" "${BASH_LINENO[0]}" >&2
      ;;
  esac
  if [ "${3-}" = -sensitive ]; then __stepdeck_flag=" sensitive='VHJ1ZQ=='"; fi # base64 of True
  printf "##octopus[setVariable name='%s' value='%s'%s]\n" \
    "$(__stepdeck_base64 "${1-}")" "$(__stepdeck_base64 "${2-}")" "$__stepdeck_flag"
  return "$__stepdeck_status"
}

# new_octopusartifact PATH [NAME]
# Keeps the file PATH with the run when the step has ended, under its own name or NAME.
new_octopusartifact() {
  local __stepdeck_path=${1-} __stepdeck_length=0
  local __stepdeck_name=${__stepdeck_path##*[/\\]}
  case $__stepdeck_path in
    /* | [A-Za-z]:[/\\]*) ;;
    *) __stepdeck_path=$PWD/${__stepdeck_path#./} ;;
  esac
  if [ -f "$__stepdeck_path" ]; then
    __stepdeck_length=$(($(wc -c < "$__stepdeck_path")))
  elif [ -d "$__stepdeck_path" ]; then
    write_verbose "$__stepdeck_path is a folder, and only files are kept. Pack it into a file, and keep that."
  elif [ -e "$__stepdeck_path" ]; then
    local __stepdeck_kind='a device'
    if [ -p "$__stepdeck_path" ]; then __stepdeck_kind='a pipe'; elif [ -S "$__stepdeck_path" ]; then __stepdeck_kind='a socket'; fi
    write_verbose "$__stepdeck_path is $__stepdeck_kind, and only files are kept. Write what comes from it into a file, and keep that."
  else
    write_verbose "There is no file $__stepdeck_path now. It is kept if it is there when the step ends."
  fi
  case ${OSTYPE-} in msys* | cygwin*) __stepdeck_path=$(cygpath -w -- "$__stepdeck_path") ;; esac
  printf "##octopus[createArtifact path='%s' name='%s' length='%s']\n" "$(__stepdeck_base64 "$__stepdeck_path")" \
    "$(__stepdeck_base64 "${2:-$__stepdeck_name}")" "$(__stepdeck_base64 "$__stepdeck_length")"
}

# update_progress PERCENTAGE [MESSAGE]
# Shows how far the step is.
update_progress() {
  printf "##octopus[progress percentage='%s' message='%s']\n" "$(__stepdeck_base64 "${1-}")" "$(__stepdeck_base64 "${2-}")"
}

# write_verbose, write_highlight, write_wait, write_warning TEXT...
# Print a line that the log shows at this level.
write_verbose() { __stepdeck_write verbose "$@"; }
write_highlight() { __stepdeck_write highlight "$@"; }
write_wait() { __stepdeck_write wait "$@"; }
write_warning() { __stepdeck_write warning "$@"; }
__stepdeck_write() {
  local __stepdeck_level=$1 IFS=' '
  shift
  printf '##octopus[stdout-%s]\n%s\n##octopus[stdout-default]\n' "$__stepdeck_level" "$*"
}

# encode_servicemessagevalue TEXT, decode_servicemessagevalue BASE64
# Print a text as service messages have it, and the text of such a value.
encode_servicemessagevalue() { printf %s "$(__stepdeck_base64 "${1-}")"; }
decode_servicemessagevalue() {
  # What does not know --decode is the base64 of an old macOS.
  printf %s "${1-}" | base64 --decode 2> /dev/null || printf %s "${1-}" | base64 -D
}

# What only an Octopus server can do. The script goes on.
set_environmentstate() { __stepdeck_without set_environmentstate; }
set_environmenturl() { __stepdeck_without set_environmenturl; }
new_octopustarget() { __stepdeck_without new_octopustarget; }
remove-octopustarget() { __stepdeck_without remove-octopustarget; }
report_kubernetes_manifest() { __stepdeck_without report_kubernetes_manifest; }
report_kubernetes_manifest_file() { __stepdeck_without report_kubernetes_manifest_file; }
__stepdeck_without() {
  local __stepdeck_file=${BASH_SOURCE[2]:-$0}
  write_warning "The script calls $1 (${__stepdeck_file##*/}, line ${BASH_LINENO[1]}), which is for an Octopus server and has no \
counterpart in Stepdeck. Nothing was done."
}

# fail_step [MESSAGE]
# Ends the step at once as failed. Its record shows the message.
fail_step() { __stepdeck_fail "${1-}"; }

# Ends the step from wherever it is called. The error stream is the one that $(...) and pipelines leave alone. A shell
# below the step's own can end that one by a signal only. It goes to the group, so that no shell in between goes on.
__stepdeck_fail() {
  if [ -n "$1" ]; then
    printf "##octopus[resultMessage message='%s']\n%s\n" "$(__stepdeck_base64 "$1")" "$1" >&2
  fi
  printf %s "$1" >| "${__stepdeck_helpers%/*}/failed"
  if [ "${BASHPID-}" != "$__stepdeck_shell" ]; then # 3.2 does not have BASHPID
    kill -USR2 -- "-$__stepdeck_shell" 2> /dev/null || kill -USR2 "$__stepdeck_shell" 2> /dev/null
  fi
  exit 1
}

# The handler of the signal. The sender's error stream may have been redirected.
__stepdeck_failed() {
  if [ -s "${__stepdeck_helpers%/*}/failed" ]; then
    printf "##octopus[resultMessage message='%s']\n" "$(__stepdeck_base64 "$(< "${__stepdeck_helpers%/*}/failed")")"
  fi
  exit 1
}
trap __stepdeck_failed USR2

# Called only inside $(...), so that its changes stay there.
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

# An Octopus helper that does not exist must end the step: the script relies on it. NAME, FILE and LINE of the call.
__stepdeck_missing() {
  __stepdeck_fail "The script calls $1 (${2##*/}, line $3), a helper of Octopus Deploy that Stepdeck does not have. \
The helpers that it has are listed in docs/scripts.md."
}

# Bash 3.2 asks nobody when it does not find a command, so names that people mistake for helpers are functions there. A
# program of the name comes first, as it does where Bash asks.
__stepdeck_named() {
  if [ -n "$(type -P "$1")" ]; then
    command "$@"
  else
    __stepdeck_missing "$1" "${BASH_SOURCE[2]:-$0}" "${BASH_LINENO[1]}"
  fi
}

case ${BASH_VERSINFO[0]} in
  1 | 2 | 3)
    for __stepdeck_name in write_error write_debug write_info write_host new_octopusvariable get_octopusvariables set_octopusvariables \
      failstep fail_steps execute_with_retry create_octopusartifact new_octopusartefact; do
      eval "$__stepdeck_name() { __stepdeck_named $__stepdeck_name \"\$@\"; }"
    done
    unset __stepdeck_name
    ;;
  *)
    command_not_found_handle() {
      case $1 in
        [a-z]*[_-]octopus* | write_?* | print_hi* | print_verb* | print_warn* | print_wai* | print_deb* | printhi* | printverb* | printwarn* | \
          fail_step* | failstep* | update_progres* | updateprogres* | execute_with_re* | set_environment* | report_kubernetes* | \
          ??code_servicemessage*) __stepdeck_missing "$1" "${BASH_SOURCE[1]:-$0}" "${BASH_LINENO[0]}" ;;
      esac
      printf '%s: line %s: %s: command not found\n' "${BASH_SOURCE[1]:-$0}" "${BASH_LINENO[0]}" "$1" >&2
      return 127
    }
    ;;
esac
