echo a; exit 127; echo b
