printf 'b\na\nc\n' | sort | { read -r f; echo "first $f"; cat; }; yes | head -n 2; echo "${PIPESTATUS[@]}"
