'a'; Start-Sleep -Milliseconds 50; 'b'
