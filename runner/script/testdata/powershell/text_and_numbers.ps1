'a'; 1; 2.5; $true; [char]'c'; 1..3; 'x' * 5; -join ('a', 'b')
