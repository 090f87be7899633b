bash -c 'printf "\\xff\\xfe\\x00x\\n"'; 'end'
