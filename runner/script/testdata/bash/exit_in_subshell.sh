(exit 5); echo $?; x=$(exit 6); echo $?
