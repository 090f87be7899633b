# parameters: -Name 'a b' -Count 3 -On
param([string]$Name, [int]$Count, [switch]$On, $Rest = 'r')
"$Name $Count $On $Rest $($args.Count) $($PSBoundParameters.Count)"
