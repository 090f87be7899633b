echo a; exec bash -c 'echo "b $0"; exit 6' zero; echo never
