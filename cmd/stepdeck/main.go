// Command stepdeck runs AWS CLI scripts as the right identity. Every run is executed by it, also those of the window.
package main

import (
	"context"
	"os"

	"github.com/stepdeck/stepdeck/command"
)

// Set by the build.
var version, commit string //nolint:gochecknoglobals // the linker's -X sets only package variables

func main() {
	if exit, asked := command.Supervise(os.Args, version, commit); asked {
		os.Exit(exit)
	}
	os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], version, commit))
}
