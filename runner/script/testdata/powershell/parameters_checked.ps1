# parameters: -Kind b
[CmdletBinding()] param([Parameter(Mandatory = $true)][ValidateSet('a', 'b')][string]$Kind)
begin { 'begin' } process { $Kind } end { 'end' }
