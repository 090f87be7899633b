Start-Process bash -ArgumentList '-c', '"exit 0"' -Wait; 'end'
