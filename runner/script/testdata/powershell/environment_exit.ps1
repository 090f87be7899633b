'a'; [Environment]::Exit(7); 'b'
