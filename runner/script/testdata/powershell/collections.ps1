$l = [Collections.Generic.List[int]]::new(); $l.Add(3); $l.Add(1); $l.Sort(); $l; $h = @{ a = 1 }; $h.b = 2; ($h.Keys | Sort-Object) -join ','; @(1, 2, 3)[-1]; (1..5)[1..2]
