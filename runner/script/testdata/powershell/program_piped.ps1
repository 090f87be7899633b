'b', 'a' | bash -c 'sort'; bash -c 'echo x; echo y' | ForEach-Object { "[$_]" }
