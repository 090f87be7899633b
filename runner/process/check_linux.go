package process

// Source: execve(2), "Limits on size of arguments and environment". The whole is also bounded by a quarter of the stack
// limit (usually 2 MiB), which only the system itself knows for sure; it answers E2BIG.
const (
	maxString = 32*4096 - 1
	maxTotal  = 6 << 20
	perString = 9 // its end and its pointer
)

func size(s string) int { return len(s) }
