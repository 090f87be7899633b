@{ a = 1 } | ConvertTo-Json; [pscustomobject]@{ b = @(1, 2) } | ConvertTo-Json -Compress
