try { Get-Item /no/such -ErrorAction Stop } catch { $_.InvocationInfo.ScriptLineNumber; $_.FullyQualifiedErrorId; $_.ScriptStackTrace }
