1 | Out-Null; 2 | Out-Host; [void]3; $null = 4; 5 > $null; 'end'
