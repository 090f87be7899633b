Get-Item /no/such -ErrorAction SilentlyContinue; $?; $Error.Count; Write-Error 'x' -ErrorAction Ignore; $Error.Count
