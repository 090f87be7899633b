Write-Verbose 'v' -Verbose; Write-Verbose 'n' -Verbose:$false; function f { [CmdletBinding()] param() Write-Verbose 'f' }; f -Verbose
