echo $LINENO

f() {
  echo $LINENO "${BASH_LINENO[@]}"
}
f
eval 'echo $LINENO'
