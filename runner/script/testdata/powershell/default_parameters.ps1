$PSDefaultParameterValues.Count; $PSDefaultParameterValues['Write-Verbose:Verbose'] = $true; Write-Verbose 'v'
