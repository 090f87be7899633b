'a'; Write-Warning 'w'; 'b'
