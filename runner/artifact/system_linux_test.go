package artifact_test

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/artifact"
)

// /proc/self would be this process, and not the script.
func TestFilesOfTheSystemAreRefused(t *testing.T) {
	for _, path := range []string{"/proc/self/environ", "/proc/self/maps", "/proc/cpuinfo", "/sys/kernel/mm/transparent_hugepage/enabled"} {
		_, err := artifact.NewReader().Open(t.Context(), path)
		if model.ErrorCode(err) == artifact.CodeMissing {
			continue // a container may hide it
		}
		wantError(t, err, "artifact.system")
	}
}
