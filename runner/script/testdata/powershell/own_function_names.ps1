function Write-Warning($m) { "own $m" }; Write-Warning a; function Write-Verbose { 'own v' }; Write-Verbose x; function Fail-Step { 'own f' }; Fail-Step
