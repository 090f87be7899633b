'a', 'b' | Write-Warning; 'c'
