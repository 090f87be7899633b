$ErrorActionPreference = 'Continue'
function f { [CmdletBinding()] param() Write-Error 'bad' }; f; 'on'
