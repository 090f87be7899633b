echo before; exec > out 2>&1; echo hidden; no-such; exec > /dev/stderr; cat out
