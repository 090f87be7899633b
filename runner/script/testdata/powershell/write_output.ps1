Write-Output 'a' 'b'; Write-Output (1, 2)
