Set-Content a.txt 'x'; Add-Content a.txt 'y'; Get-Content a.txt; 'z' | Out-File b.txt; Get-Content b.txt; Test-Path a.txt; Remove-Item a.txt; Test-Path a.txt; 'q' > c.txt; Get-Content c.txt
