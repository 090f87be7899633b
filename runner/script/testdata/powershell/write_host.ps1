# merged
Write-Host 'a' -NoNewline; Write-Host 'b'; 'c'; Write-Host 'd' -ForegroundColor Red; Write-Host 1, 2 -Separator '-'
