$VerbosePreference = 'Continue'; Write-Verbose 'v'; 'b'
