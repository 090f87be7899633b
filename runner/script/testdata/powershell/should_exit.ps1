'a'; $Host.SetShouldExit(8); 'b'; exit 8
