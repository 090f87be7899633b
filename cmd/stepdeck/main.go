// Command stepdeck runs AWS CLI scripts as the right identity. Every run happens in it; the window is its client.
package main

import (
	"context"
	"os"

	"github.com/stepdeck/stepdeck/app/command"
	"github.com/stepdeck/stepdeck/runner/process"
)

// Set by the build.
var version, commit string //nolint:gochecknoglobals // the linker's -X knows nothing else

func main() {
	// The hidden mode that owns a script's processes. Each step waits for it, so it comes before all else.
	if len(os.Args) == 2 && os.Args[1] == process.SuperviseArg {
		os.Exit(process.Supervise())
	}
	os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], version, commit))
}
