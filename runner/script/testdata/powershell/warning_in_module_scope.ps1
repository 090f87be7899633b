Set-Content m.psm1 'function f { Write-Warning w }'; Import-Module ./m.psm1; f; f 3>$null; 'end'
