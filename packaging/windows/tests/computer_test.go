//go:build wine

package tests

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience is how long anything may take before a test gives up; nothing waits for it while all is well.
const patience = 4 * time.Minute

// computer is Windows, as Wine plays it.
type computer struct {
	t     *testing.T
	drive string // C:, seen from here
	home  string // the person's folder in it, as a path below C:
	env   []string
}

func newComputer(t *testing.T) *computer {
	t.Helper()
	prefix := setting(t, "WINEPREFIX")
	homes, err := filepath.Glob(filepath.Join(prefix, "drive_c", "users", "*", "AppData"))
	if err != nil || len(homes) != 1 {
		t.Fatalf("no single person's folder: %v, %v", homes, err)
	}
	c := &computer{t: t, drive: filepath.Join(prefix, "drive_c"), home: "users/" + filepath.Base(filepath.Dir(homes[0]))}
	c.env = append(os.Environ(), "STEPDECK_PASSPHRASE=a passphrase of the tests")
	t.Cleanup(func() { c.settle() })
	return c
}

// setting is something that scripts/test-windows.sh says.
func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: these tests are run by make test-windows", name)
	}
	return value
}

// path is a path on C:, seen from here. %h is the person's folder.
func (c *computer) path(below string) string {
	return filepath.Join(c.drive, filepath.FromSlash(strings.ReplaceAll(below, "%h", c.home)))
}

// windows is the same path as Windows writes it.
func (c *computer) windows(below string) string {
	return `C:\` + strings.ReplaceAll(strings.ReplaceAll(below, "%h", c.home), "/", `\`)
}

// result is what became of a program.
type result struct {
	out  string // both streams, with plain line ends
	code int    // as Wine hands it on: its lowest byte
}

// run runs a program to its end. An argument is handed on as it is.
func (c *computer) run(args ...string) result {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience) // cleanups run programs too
	defer cancel()
	cmd := exec.CommandContext(ctx, "wine", args...)
	cmd.Env, cmd.Dir = c.env, c.drive
	// A file, not a pipe: what outlives the program would hold a pipe open.
	out, err := os.CreateTemp(c.t.TempDir(), "out")
	if err != nil {
		c.t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	text, readErr := os.ReadFile(out.Name())
	if readErr != nil {
		c.t.Fatal(readErr)
	}
	got := result{strings.ReplaceAll(string(text), "\r\n", "\n"), cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		c.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, got.out)
	}
	return got
}

// must runs what has to succeed.
func (c *computer) must(args ...string) string {
	c.t.Helper()
	got := c.run(args...)
	if got.code != 0 {
		c.t.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), got.code, got.out)
	}
	return got.out
}

// batch runs lines of cmd.exe and gives what they print.
func (c *computer) batch(lines ...string) string {
	c.t.Helper()
	file := c.write("stepdeck-test.cmd", "@echo off\r\n"+strings.Join(lines, "\r\n")+"\r\n")
	defer os.Remove(c.path("stepdeck-test.cmd")) //nolint:errcheck // written anew by the next
	return c.run("cmd", "/d", "/c", file).out
}

// write writes a file on C: and gives its name in Windows.
func (c *computer) write(below, text string) string {
	c.t.Helper()
	if err := os.MkdirAll(filepath.Dir(c.path(below)), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(c.path(below), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return c.windows(below)
}

// codeOf runs a program by cmd.exe, which sees the whole exit code.
func (c *computer) codeOf(program string, args ...string) (code int, out string) {
	c.t.Helper()
	out = c.batch(fmt.Sprintf(`"%s" %s`, program, strings.Join(args, " ")), "echo ended=%ERRORLEVEL%")
	said, code, ok := lastCode(out)
	if !ok {
		c.t.Fatalf("cmd.exe says no exit code:\n%s", out)
	}
	return code, said
}

func lastCode(out string) (before string, code int, ok bool) {
	before, after, ok := strings.Cut(out, "ended=")
	if !ok {
		return out, 0, false
	}
	code, err := strconv.Atoi(strings.TrimSpace(after))
	return before, code, err == nil
}

// settle waits until every Windows program has ended, and what they changed in the registry is on the disk.
func (c *computer) settle() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "wineserver", "-w").CombinedOutput(); err != nil {
		c.t.Errorf("programs go on: %v %s", err, out)
		_ = exec.Command("wineserver", "-k").Run()
	}
}

// until waits for something.
func (c *computer) until(what string, done func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// exists fails the test unless each path is there.
func (c *computer) exists(below ...string) {
	c.t.Helper()
	for _, p := range below {
		if _, err := os.Stat(c.path(p)); err != nil {
			c.t.Error(err)
		}
	}
}

// absent fails the test if one of the paths is there.
func (c *computer) absent(below ...string) {
	c.t.Helper()
	for _, p := range below {
		if _, err := os.Lstat(c.path(p)); !errors.Is(err, fs.ErrNotExist) {
			c.t.Errorf("%s is there (%v)", c.windows(p), err)
		}
	}
}

// value is what stands in the registry; "" if there is nothing.
func (c *computer) value(key, name string) string {
	c.t.Helper()
	args := []string{"reg", "query", key}
	if name == "" {
		args = append(args, "/ve")
	} else {
		args = append(args, "/v", name)
	}
	got := c.run(args...)
	if got.code != 0 {
		return ""
	}
	for line := range strings.Lines(got.out) {
		for _, kind := range []string{"REG_SZ", "REG_EXPAND_SZ", "REG_DWORD"} {
			if _, value, ok := strings.Cut(line, kind); ok {
				return strings.TrimSpace(value)
			}
		}
	}
	return ""
}

// has fails the test unless this stands in the registry.
func (c *computer) has(key, name, want string) {
	c.t.Helper()
	if got := c.value(key, name); got != want {
		c.t.Errorf("%s has %s=%q, want %q", key, name, got, want)
	}
}

// background is a program that goes on.
type background struct {
	cmd *exec.Cmd
	out string // the file that it writes to
}

// start starts a program that goes on.
func (c *computer) start(args ...string) *background {
	c.t.Helper()
	out, err := os.CreateTemp(c.t.TempDir(), "out")
	if err != nil {
		c.t.Fatal(err)
	}
	b := &background{exec.Command("wine", args...), out.Name()}
	b.cmd.Env, b.cmd.Dir, b.cmd.Stdout, b.cmd.Stderr = c.env, c.drive, out, out
	if err := b.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	_ = out.Close()
	c.t.Cleanup(b.end)
	return b
}

func (b *background) output() string {
	text, _ := os.ReadFile(b.out)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// end ends it at once.
func (b *background) end() {
	if b.cmd.ProcessState == nil {
		_ = b.cmd.Process.Kill()
		_ = b.cmd.Wait()
	}
}
