function f { Write-Warning 'w'; 'o'; Write-Host 'h'; Write-Error 'e' -ErrorAction Continue }; $x = f *>&1; $x.Count; $x | ForEach-Object { $_.GetType().Name }
