1..2000 | ForEach-Object { "line $_ of a script that prints much" }
