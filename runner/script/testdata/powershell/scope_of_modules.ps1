$shared = 'seen'; Set-Content m.psm1 'function f { "[$shared] $ErrorActionPreference" }'; Import-Module ./m.psm1; $ErrorActionPreference = 'Continue'; f
