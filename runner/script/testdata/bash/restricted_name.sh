source() { echo "own source $*"; }; source x; unset -f source; bash() { echo 'own bash'; }; bash x
