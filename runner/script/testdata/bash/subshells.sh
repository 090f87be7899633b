x=1; (x=2; echo $x $BASH_SUBSHELL); echo $x; echo a | while read -r x; do echo "$x $BASH_SUBSHELL"; done; echo $x
