switch -Regex ('abc') { '^a' { 'a' } 'c$' { 'c' } default { 'd' } }; switch (1, 2) { 1 { 'one' } 2 { 'two' } }
