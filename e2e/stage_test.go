//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for anything before it fails.
const patience = 60 * time.Second

// stage is a display of its own, with a window manager, and a home folder of its own.
type stage struct {
	t       testing.TB
	display string
	home    string   // HOME
	data    string   // STEPDECK_HOME
	env     []string // environment of the programs
	proofs  string   // folder for pictures of failures
}

// screenSize has room for the largest window with the window manager's frame.
const screenSize = "1400x960x24"

func newStage(t testing.TB) *stage {
	t.Helper()
	for _, tool := range []string{"Xvfb", "openbox", "xdotool", "xclip", "import"} {
		need(t, tool)
	}
	s := &stage{t: t, home: t.TempDir(), proofs: os.Getenv("STEPDECK_E2E_PROOFS")}
	s.data = filepath.Join(s.home, "stepdeck")
	if s.proofs == "" {
		s.proofs = t.TempDir()
	}
	if s.display = os.Getenv("STEPDECK_E2E_DISPLAY"); s.display == "" {
		s.display = startDisplay(t)
	}
	s.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.home, "STEPDECK_HOME=" + s.data, "DISPLAY=" + s.display, "LANG=en_US.UTF-8", "TZ=UTC",
		// With a passphrase, secrets are kept in a sealed file: the tests don't touch the keychain of the person who runs them.
		"STEPDECK_PASSPHRASE=a passphrase of the end-to-end tests",
		// Nothing may ask the metadata service of a real EC2 instance.
		"AWS_EC2_METADATA_DISABLED=true",
	}
	if place := os.Getenv("XDG_RUNTIME_DIR"); place != "" {
		s.env = append(s.env, "XDG_RUNTIME_DIR="+place)
	}
	t.Cleanup(s.endLeftovers)
	s.startManager()
	return s
}

// need skips the test if a tool is missing, or fails it where STEPDECK_REQUIRE_TOOLS is set.
func need(t testing.TB, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err == nil {
		return path
	}
	if os.Getenv("STEPDECK_REQUIRE_TOOLS") != "" {
		t.Fatalf("%s is missing", tool)
	}
	t.Skipf("needs %s", tool)
	return ""
}

// program returns the path of one of the programs under test.
func program(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("STEPDECK_E2E_BIN")
	if dir == "" {
		t.Skip("STEPDECK_E2E_BIN is not set: run make e2e")
	}
	path, err := filepath.Abs(filepath.Join(dir, name))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func startDisplay(t testing.TB) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", screenSize, "-dpi", "96", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(server) })
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal("Xvfb does not start: ", err)
	}
	return ":" + strings.TrimSpace(number)
}

// startManager starts the window manager and waits until it announces itself.
func (s *stage) startManager() {
	s.t.Helper()
	ready := filepath.Join(s.home, "manager")
	manager := exec.Command("openbox", "--sm-disable", "--startup", "touch "+ready)
	manager.Env = s.env
	if err := manager.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { end(manager) })
	s.until("the window manager starts", func() bool {
		_, err := os.Stat(ready)
		return err == nil
	})
}

func end(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// until waits for something outside the window.
func (s *stage) until(what string, done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.picture("root", "nothing")
			s.t.Fatalf("gave up after %v waiting until %s", patience, what)
		}
	}
}

// tool runs a tool on the display.
func (s *stage) tool(name string, args ...string) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display, "LC_ALL=C.UTF-8") // xdotool's typing depends on the locale
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		s.t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}

// command runs the command on the data folder and returns its output.
func (s *stage) command(args ...string) string {
	s.t.Helper()
	cmd := exec.Command(program(s.t, "stepdeck"), args...)
	cmd.Env = s.env
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		s.t.Fatalf("stepdeck %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// write writes a file in the home folder.
func (s *stage) write(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// picture saves what is on the display, for whoever investigates a failure.
func (s *stage) picture(window, name string) string {
	file := filepath.Join(s.proofs, strings.NewReplacer("/", "-", " ", "-").Replace(s.t.Name())+"-"+name+".png")
	if err := os.MkdirAll(s.proofs, 0o755); err != nil {
		s.t.Log(err)
	}
	cmd := exec.Command("import", "-window", window, file)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Logf("no picture: %v %s", err, out)
	}
	return file
}

// endLeftovers ends the processes that still use this stage's data folder, such as a run that outlived its window.
func (s *stage) endLeftovers() {
	for _, p := range processes(func(p process) bool { return p.has("STEPDECK_HOME=" + s.data) }) {
		s.t.Logf("left behind and ended: %s", p.line)
		if it, err := os.FindProcess(p.id); err == nil {
			_ = it.Kill()
		}
	}
}

// needPowerShell skips the test if there is no PowerShell, which the scripts need.
func needPowerShell(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("pwsh"); err == nil {
		return
	}
	if os.Getenv("STEPDECK_REQUIRE_PWSH") != "" {
		t.Fatal("pwsh is missing")
	}
	t.Skip("needs pwsh")
}
