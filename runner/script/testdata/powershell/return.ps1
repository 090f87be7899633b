'a'; return; 'b'
