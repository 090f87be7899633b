$name = 'n'; $message = 'm'; $values = 'v'; $lines = 'l'; Write-Warning $message; "$name $message $values $lines"; Test-Path variable:test; Test-Path variable:pair; Test-Path variable:kind
