# merged
$ErrorActionPreference = 'Continue'
'a'; Write-Warning 'w'; [Console]::Error.WriteLine('e'); 'b'; Write-Host 'h'; 'c'
