foreach ($i in 1..3) { if ($i -eq 2) { continue }; $i }; :outer foreach ($i in 1..2) { foreach ($j in 1..2) { break outer } }; 'end'
