return 'a', 'b'
