function f { (Get-PSCallStack -ErrorAction Stop).Count }; try { f } catch { 'not here' }; try { throw 'x' } catch { @($_.ScriptStackTrace -split [Environment]::NewLine).Count }
