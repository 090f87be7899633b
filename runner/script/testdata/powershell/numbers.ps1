1 / 3; [math]::Round(2.5); 7 % 3; 0x1f; 1kb; [int]'42' + 1; '5' + 1; 5 + '1'; [decimal]1.10; 1e3
