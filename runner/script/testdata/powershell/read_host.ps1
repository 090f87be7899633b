try { Read-Host 'name' } catch { 'nobody to ask' }
