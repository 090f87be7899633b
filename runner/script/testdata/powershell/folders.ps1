New-Item -ItemType Directory d | Out-Null; Set-Location d; (Get-Location).Path.EndsWith('d'); Set-Location ..; (Get-ChildItem | Sort-Object Name).Name; Split-Path $PSCommandPath -Leaf
