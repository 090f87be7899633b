try { throw 'bad' } catch { "caught $_" } finally { 'finally' }; 'on'
