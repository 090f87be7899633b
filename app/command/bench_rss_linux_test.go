package command_test

import (
	"os"
	"syscall"
)

// maxRSS is the largest memory of the process or of any below it, in KiB.
func maxRSS(p *os.ProcessState) int64 {
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss
	}
	return 0
}
