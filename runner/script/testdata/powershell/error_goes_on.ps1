$ErrorActionPreference = 'Continue'
Write-Error 'bad'; "on $($Error.Count) $?"
