echo "$0" "${BASH_SOURCE[0]}" "${#BASH_SOURCE[@]}" "${#FUNCNAME[@]}" "${FUNCNAME[0]-none}" "$BASH_SUBSHELL" "$#"
echo "$LINENO" "${BASH_LINENO[0]}"
caller; echo "caller $?"
