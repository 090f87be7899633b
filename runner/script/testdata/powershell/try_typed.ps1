try { [int]'x' } catch [Management.Automation.PSInvalidCastException] { 'cast' } catch { 'other' }
