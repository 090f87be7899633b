'[{"Name":"web-1"},{"Name":"db"}]' | ConvertFrom-Json | ForEach-Object { $_ }
'after'
