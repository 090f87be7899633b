// Command stepdeck runs AWS CLI scripts as the right identity. Every run is executed by it, also those of the window.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/stepdeck/stepdeck/command"
)

// Set by the build.
var version, commit string //nolint:gochecknoglobals // the linker's -X sets only package variables

// gcPercent is higher than Go's default of 100, with which the first collection comes at 4 MiB: a short run reaches that just before its
// end, and would pay a tenth of its CPU for it.
const gcPercent = 150

func main() {
	debug.SetGCPercent(gcPercent)
	if exit, asked := command.Supervise(os.Args, version, commit); asked {
		os.Exit(exit)
	}
	os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], version, commit))
}
