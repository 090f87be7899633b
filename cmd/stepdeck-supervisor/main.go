// Command stepdeck-supervisor owns the processes of one step's script. It lies beside the command stepdeck, which starts
// it anew for each step: so it links next to nothing.
package main

import (
	"os"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Set by the build, as they are for the command: the two work only with each other when they are the same.
var version, commit string //nolint:gochecknoglobals // the linker's -X knows nothing else

func main() {
	if !supervisor.IsAsked(os.Args) {
		_, _ = os.Stderr.WriteString("stepdeck-supervisor is a part of Stepdeck, which starts it for each step. To run a project: stepdeck run PROJECT\n")
		os.Exit(2)
	}
	os.Exit(supervisor.Main(supervisor.Build(version, commit)))
}
