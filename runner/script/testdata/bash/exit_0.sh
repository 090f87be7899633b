echo a; exit 0; echo b
