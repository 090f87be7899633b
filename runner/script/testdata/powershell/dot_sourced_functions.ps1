Set-Content lib.ps1 'function here { "here $PSScriptRoot" }; $lib = 1'; . (Join-Path $PSScriptRoot 'lib.ps1'); here; $lib
