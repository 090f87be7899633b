//go:build !windows

package command

import (
	"os"
	"os/signal"
	"syscall"
)

func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} }

func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }
