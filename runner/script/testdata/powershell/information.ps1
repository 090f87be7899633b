Write-Information 'i'; $InformationPreference = 'Continue'; Write-Information 'j'; Write-Information 'k' -InformationAction SilentlyContinue
