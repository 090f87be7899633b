TIMEFORMAT=%0R; time true; sleep 0; echo "${SECONDS}"
