package runner

import (
	"os"
	"testing"

	"github.com/stepdeck/stepdeck/runner/process"
)

// TestMain makes this test program the supervisor too, which each script needs.
func TestMain(m *testing.M) {
	if process.IsSupervisor(os.Args) {
		os.Exit(process.Supervise())
	}
	os.Exit(m.Run())
}
