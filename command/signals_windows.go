package command

import (
	"os"
	"syscall"
)

// Closing the console, logging off and shutting down come as SIGTERM.
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// Windows reports a closed pipe as an error of the write, and no more.
func ignoreBrokenPipe() {}
