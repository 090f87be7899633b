// Command stepdeck-supervisor owns the processes of one step's script. It is installed beside the command stepdeck, which
// starts it for each step, so it links as little as possible.
package main

import (
	"os"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Set by the build to the same values as in the command: otherwise the two refuse to work together.
var version, commit string //nolint:gochecknoglobals // the linker's -X sets only package variables

func main() {
	if !supervisor.Requested(os.Args) {
		_, _ = os.Stderr.WriteString("stepdeck-supervisor is part of Stepdeck, which starts it for each step. " +
			"To run a project: stepdeck run PROJECT\n")
		os.Exit(2)
	}
	os.Exit(supervisor.Main(supervisor.Build(version, commit)))
}
