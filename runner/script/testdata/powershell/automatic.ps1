$args.Count; $Host.GetType().Name; $null -eq $LASTEXITCODE; $?; @($input).Count; $Error.Count; $PSVersionTable.PSVersion.Major -ge 5
