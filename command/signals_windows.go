package command

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/stepdeck/stepdeck/runner"
)

// stopSignals returns the signals that stop a run. Closing the console, logging off and shutting down arrive as SIGTERM.
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// endBy ends this process after a signal.
func endBy(os.Signal) { windows.ExitProcess(runner.ExitStopped) }

// ignoreBrokenPipe does nothing: on Windows a closed pipe is only an error of the write.
func ignoreBrokenPipe() {}
