$t = [pscustomobject]@{ A = 1 } | Out-String; $t.Trim().Length -gt 0; $t
