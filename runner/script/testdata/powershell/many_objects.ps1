1..80 | ForEach-Object { [pscustomobject]@{ Number = $_ } }
