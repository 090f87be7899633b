$DebugPreference = 'Continue'; Write-Debug 'd'; 'b'
