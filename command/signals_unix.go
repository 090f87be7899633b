//go:build !windows

package command

import (
	"os"
	"os/signal"
	"syscall"
)

func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} }

// endBy ends this process as the signal does whose handler is its caller, so that a shell sees it.
func endBy(s os.Signal) {
	signal.Reset(s)
	if number, ok := s.(syscall.Signal); ok {
		_ = syscall.Kill(os.Getpid(), number) // a process may always signal itself
	}
}

func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }
