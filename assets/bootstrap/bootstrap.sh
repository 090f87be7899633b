# shellcheck shell=bash disable=SC2016,SC2157,SC2194,SC1090,SC1091
# What every Bash script of a step gets: the variables of its project, and a way to set outputs. For Bash 3.2 and later.
# Bash reads this file before the script, as BASH_ENV: the script is then run, not sourced, with $0, BASH_SOURCE and the
# shell's options as if it were on its own. No program is started here. Words like '@values@' are replaced for each run,
# including the quotes.

unset BASH_ENV # it is for this shell alone

# The helpers recognize this shell by its process. Neither variable is exported: programs that the script starts see nothing of Stepdeck.
__stepdeck_shell=$$ __stepdeck_helpers='@helpers@'
. "$__stepdeck_helpers"

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

# The file of values, if there is one, redefines it: it returns which shell variable has the value of a name.
__stepdeck_find() { :; }

# The values come in a file, since programs that the script starts would see them in the environment. Bash can't delete
# it without starting a program; it is emptied here, and removed when the script has ended.
if [ -n '@values@' ]; then
  . '@values@' && : >| '@values@' || exit 1
fi

# The parameters are in a file of their own, so that an error in them names it.
if [ -n '@parameters@' ]; then
  . '@parameters@' || exit
fi

# Files beside the script that Bash can't read as they are.
if [ -n '@beside@' ]; then
  . '@beside@' || exit
fi

case '@stop@' in yes) set -eo pipefail ;; esac
: "$BASH" # what $_ is at the beginning of a script
