try { try { throw 'a' } finally { 'f' } } catch { "c $_" }; try { throw [InvalidOperationException]::new('i') } catch { $_.Exception.GetType().Name }
