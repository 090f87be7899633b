try { Write-Warning 'w' -WarningAction Stop } catch { "$($_.Exception.GetType().Name)" }; 'on'
