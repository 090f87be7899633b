. ./no-such-file; echo $?; source /no/such/file || echo on
