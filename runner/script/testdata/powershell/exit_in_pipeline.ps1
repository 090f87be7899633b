1..3 | ForEach-Object { if ($_ -eq 2) { exit 5 }; "n$_" }; 'on'
