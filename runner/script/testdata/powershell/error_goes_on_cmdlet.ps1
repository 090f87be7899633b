$ErrorActionPreference = 'Continue'
Get-Item /no/such/thing; 'on'; Get-Content /none; $Error.Count
