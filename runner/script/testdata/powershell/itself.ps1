(Get-Content $PSCommandPath).Count; [IO.File]::ReadAllText($MyInvocation.MyCommand.Path).Length
