Write-Warning 'w' 3> w.txt; Get-Content w.txt; Write-Warning 'x' 3>> w.txt; (Get-Content w.txt).Count
