Set-StrictMode -Version Latest; $a = 1; try { $b } catch { 'strict' }; try { $a.x } catch { 'member' }
