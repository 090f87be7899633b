# merged
foreach ($i in 1..3) { bash -c "echo out$i; echo err$i >&2"; "text $i" }
