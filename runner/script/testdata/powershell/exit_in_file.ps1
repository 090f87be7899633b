Set-Content o.ps1 "'o'; exit 6"; & ./o.ps1; $LASTEXITCODE; $global:LASTEXITCODE = 0
