$WarningPreference = 'SilentlyContinue'; Write-Warning 'w'; 'b'; Write-Warning 'x' -WarningAction Continue
