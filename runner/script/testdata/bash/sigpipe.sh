seq 100000 | head -n 1; echo "${PIPESTATUS[0]}"
