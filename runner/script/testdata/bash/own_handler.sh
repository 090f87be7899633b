command_not_found_handle() { echo "own $*"; return 5; }
no-such-command a b; echo $?
