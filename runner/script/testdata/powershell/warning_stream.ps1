$w = & { Write-Warning 'w'; 'o' } 3>&1; $w | ForEach-Object { "$($_.GetType().Name): $_" }
