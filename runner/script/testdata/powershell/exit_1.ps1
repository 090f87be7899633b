'a'; exit 1; 'b'
