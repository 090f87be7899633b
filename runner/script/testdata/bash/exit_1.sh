echo a; exit 1; echo b
