printf '%0200000d\n' 7
