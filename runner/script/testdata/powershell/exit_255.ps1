'a'; exit 255; 'b'
