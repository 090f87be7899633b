function Out-Host { 'own' }; 'a' | Out-Host; 'b'
