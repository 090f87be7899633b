package command

import (
	"os"
	"syscall"
)

// stopSignals returns the signals that stop a run. Closing the console, logging off and shutting down arrive as SIGTERM.
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// ignoreBrokenPipe does nothing: on Windows a closed pipe is only an error of the write.
func ignoreBrokenPipe() {}
