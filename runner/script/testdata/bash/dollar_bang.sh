echo "[${!}]"; echo $BASH | grep -c bash; echo ${BASH_EXECUTION_STRING-none} ${BASHPID:+set} $PPID | wc -w
