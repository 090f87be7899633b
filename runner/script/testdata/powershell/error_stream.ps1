$ErrorActionPreference = 'Continue'
$e = Write-Error 'bad' 2>&1; "got $e"; Write-Error 'x' 2>$null; Write-Error 'f' 2> e.txt; (Get-Content e.txt -Raw).Contains('f')
