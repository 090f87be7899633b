$b = { param($x) $x + 1 }; & $b 4; . { $inner = 7 }; $inner; $b.Invoke(1); 1..3 | & { process { $_ } }; Invoke-Expression '1 + 1'
