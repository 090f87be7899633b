package process

// Source: execve(2), "Limits on size of arguments and environment". The total is also limited to a quarter of the stack
// limit (usually 2 MiB), which only the system knows for sure; it reports E2BIG.
const (
	maxString = 32*4096 - 1
	maxTotal  = 6 << 20
	perString = 9 // the terminating NUL and the pointer
)

func size(s string) int { return len(s) }
