Get-Item /no/such -ErrorAction SilentlyContinue -ErrorVariable e; "$($e.Count) $($e[0].CategoryInfo.Category)"
