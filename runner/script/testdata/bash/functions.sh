f() { local x=$1; if ((x>0)); then f $((x-1)); fi; echo $x; }; f 3; declare -f f
