echo a; exit 255; echo b
