package runner

import (
	"os"
	"testing"

	"github.com/stepdeck/stepdeck/runner/process"
)

// TestMain makes this test program the supervisor too, which each script needs.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == process.SuperviseArg {
		os.Exit(process.Supervise())
	}
	os.Exit(m.Run())
}
