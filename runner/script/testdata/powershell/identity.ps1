$MyInvocation.InvocationName; $MyInvocation.MyCommand.Name; $MyInvocation.MyCommand.Path; $PSCommandPath; $PSScriptRoot; (Get-Location).Path; $MyInvocation.MyCommand.CommandType
