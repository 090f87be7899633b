package desktop

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWithoutADisplay: a window that can't be shown says so and names the command; it does not crash.
func TestWithoutADisplay(t *testing.T) {
	for _, row := range []struct{ name, display string }{{"none", ""}, {"one that is not there", "127.0.0.1:9876"}} {
		t.Run(row.name, func(t *testing.T) {
			home := filepath.Join(t.TempDir(), "data")
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), asWindow+"=1", "DISPLAY="+row.display, "WAYLAND_DISPLAY=", "STEPDECK_HOME="+home)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
				t.Fatalf("it ended with %v, want exit code %d\n%s", err, exitFailed, out)
			}
			text := string(out)
			if !strings.Contains(text, "stepdeck --help") || !strings.Contains(text, "OpenGL") || strings.Contains(text, "goroutine ") {
				t.Errorf("it says\n%s", text)
			}
			if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
				t.Errorf("it left %v behind, %v", left, err)
			}
		})
	}
}
