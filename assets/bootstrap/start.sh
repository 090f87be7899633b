#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC3013
# Starts a shell. A script beside the step's own with Windows line ends or a byte order mark is exchanged for a copy that the shell
# can read, in the same folder. See beside.sh.
. '@find@'

left=$# sought=option
while [ "$left" -gt 0 ]; do
  argument=$1 left=$((left - 1))
  shift
  case $sought in
    value) sought=option ;;
    option)
      case $argument in
        --rcfile | --init-file) sought=value ;;
        --*) ;;
        [-+]*[cs]*) sought=nothing ;; # no file is read
        [-+]*[oO]*) sought=value ;;
        [-+]*) ;;
        *)
          sought=nothing
          __stepdeck_copy_of "$argument"
          if [ -n "$__stepdeck_copy" ]; then
            case $argument in */*) ;; *) argument=./$argument ;; esac
            argument=${argument%/*}/.${argument##*/}.run
            ln "$__stepdeck_copy" "$argument" 2> /dev/null
            [ "$argument" -ef "$__stepdeck_copy" ] || argument=$__stepdeck_copy
          fi
          ;;
      esac
      ;;
  esac
  set -- "$@" "$argument"
done

if [ -z "${BASH_ENV-}" ]; then BASH_ENV='@environment@' && export BASH_ENV; fi
exec '@program@' "$@"
