package process

// Source: execve(2) and sysctl kern.argmax: 1 MiB for arguments and environment together.
const (
	maxString = 1<<20 - 4096
	maxTotal  = 1<<20 - 4096
	perString = 9 // the terminating NUL and the pointer
)

func size(s string) int { return len(s) }
