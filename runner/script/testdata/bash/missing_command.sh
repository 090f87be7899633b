echo a; no-such-command x; echo $?; ./no-such-file; echo $?; /no/such; echo $?
