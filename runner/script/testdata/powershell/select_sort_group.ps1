$l = 'b', 'a', 'b' | ForEach-Object { [pscustomobject]@{ N = $_ } }; $l | Sort-Object N | Select-Object -First 2; ($l | Group-Object N).Count; ($l | Measure-Object).Count
