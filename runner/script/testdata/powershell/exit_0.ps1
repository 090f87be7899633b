'a'; exit 0; 'b'
