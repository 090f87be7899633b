echo a; echo ${x!y}; echo b
