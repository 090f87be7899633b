[pscustomobject]@{ Name = 'web'; State = 'on' }
'end of report'
