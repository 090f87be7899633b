package desktop

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The error names the command, which works without graphics.
func TestWithoutGraphics(t *testing.T) {
	for _, row := range []struct {
		name    string
		display func(*testing.T) string
	}{
		{"no display", func(*testing.T) string { return "" }},
		{"a missing display", func(*testing.T) string { return "127.0.0.1:9876" }},
		{"a display without OpenGL", withoutGL},
	} {
		t.Run(row.name, func(t *testing.T) {
			home := filepath.Join(t.TempDir(), "data")
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), asWindow+"=1", "DISPLAY="+row.display(t), "WAYLAND_DISPLAY=", "STEPDECK_HOME="+home)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
				t.Fatalf("it ended with %v, want exit code %d\n%s", err, exitFailed, out)
			}
			text := string(out)
			if !strings.Contains(text, "stepdeck --help") || !strings.Contains(text, "OpenGL") || strings.Contains(text, "goroutine ") {
				t.Errorf("it says\n%s", text)
			}
			left, err := os.ReadDir(home)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range left {
				if file.Name() != instanceLockFile { // release keeps it
					t.Errorf("it left %s behind", file.Name())
				}
			}
		})
	}
}

// withoutGL starts a display without OpenGL and returns its name.
func withoutGL(t *testing.T) string {
	t.Helper()
	server, err := exec.LookPath("Xvfb")
	if err != nil {
		missing(t, "needs Xvfb")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := exec.Command(server, "-displayfd", "3", "-screen", "0", "640x480x24", "-extension", "GLX", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		missing(t, "Xvfb does not start here: "+err.Error())
	}
	return ":" + strings.TrimSpace(number)
}

// missing skips the test, or fails it on a machine that must have the tools.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("STEPDECK_REQUIRE_TOOLS") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
