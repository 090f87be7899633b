try { No-SuchThing } catch { "$_" }; 'on'
