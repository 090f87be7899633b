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

// patience is how long a test waits for anything before it fails.
const patience = 4 * time.Minute

// computer is a Windows computer in Wine.
type computer struct {
	t     *testing.T
	drive string // path of drive C: on this computer
	home  string // the user's folder, relative to C:
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

// setting returns an environment variable that scripts/test-windows.sh sets.
func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run make test-windows", name)
	}
	return value
}

// path returns the path on this computer of a file on C:. %h is the user's folder.
func (c *computer) path(below string) string {
	return filepath.Join(c.drive, filepath.FromSlash(strings.ReplaceAll(below, "%h", c.home)))
}

// windows returns the same path as Windows writes it.
func (c *computer) windows(below string) string {
	return `C:\` + strings.ReplaceAll(strings.ReplaceAll(below, "%h", c.home), "/", `\`)
}

// result is the result of a program.
type result struct {
	out  string // both streams, with line feeds
	code int    // the lowest byte, which is all that Wine passes on
}

// run runs a program and waits for its end. Arguments are passed on unchanged.
func (c *computer) run(args ...string) result {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience) // not t.Context(), because cleanups run programs too
	defer cancel()
	cmd := exec.CommandContext(ctx, "wine", args...)
	cmd.Env, cmd.Dir = c.env, c.drive
	// A file, not a pipe: a process that outlives the program would keep a pipe open.
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

// must runs a program that has to succeed.
func (c *computer) must(args ...string) string {
	c.t.Helper()
	got := c.run(args...)
	if got.code != 0 {
		c.t.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), got.code, got.out)
	}
	return got.out
}

// batch runs lines in cmd.exe and returns their output.
func (c *computer) batch(lines ...string) string {
	c.t.Helper()
	file := c.write("stepdeck-test.cmd", "@echo off\r\n"+strings.Join(lines, "\r\n")+"\r\n")
	defer os.Remove(c.path("stepdeck-test.cmd")) //nolint:errcheck // the next call overwrites it
	return c.run("cmd", "/d", "/c", file).out
}

// write writes a file on C: and returns its path on Windows.
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

// codeOf runs a program in cmd.exe, which sees the whole exit code.
func (c *computer) codeOf(program string, args ...string) (code int, out string) {
	c.t.Helper()
	out = c.batch(fmt.Sprintf(`"%s" %s`, program, strings.Join(args, " ")), "echo ended=%ERRORLEVEL%")
	output, code, ok := lastCode(out)
	if !ok {
		c.t.Fatalf("cmd.exe printed no exit code:\n%s", out)
	}
	return code, output
}

func lastCode(out string) (before string, code int, ok bool) {
	before, after, ok := strings.Cut(out, "ended=")
	if !ok {
		return out, 0, false
	}
	code, err := strconv.Atoi(strings.TrimSpace(after))
	return before, code, err == nil
}

// settle waits until every Windows program has ended and Wine has written the registry to disk.
func (c *computer) settle() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "wineserver", "-w").CombinedOutput(); err != nil {
		c.t.Errorf("programs are still running: %v %s", err, out)
		_ = exec.Command("wineserver", "-k").Run()
	}
}

func (c *computer) until(what string, done func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("gave up after %v waiting until %s", patience, what)
		}
	}
}

// exists fails the test unless every path exists.
func (c *computer) exists(below ...string) {
	c.t.Helper()
	for _, p := range below {
		if _, err := os.Stat(c.path(p)); err != nil {
			c.t.Error(err)
		}
	}
}

// absent fails the test if one of the paths exists.
func (c *computer) absent(below ...string) {
	c.t.Helper()
	for _, p := range below {
		if _, err := os.Lstat(c.path(p)); !errors.Is(err, fs.ErrNotExist) {
			c.t.Errorf("%s exists (%v)", c.windows(p), err)
		}
	}
}

// value returns a value of the registry, or nothing if there is none.
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

// has fails the test unless the registry has this value.
func (c *computer) has(key, name, want string) {
	c.t.Helper()
	if got := c.value(key, name); got != want {
		c.t.Errorf("%s has %s=%q, want %q", key, name, got, want)
	}
}

// background is a program in the background.
type background struct {
	cmd *exec.Cmd
	out string // path of the file with its output
}

// start starts a program in the background.
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

// end kills the program.
func (b *background) end() {
	if b.cmd.ProcessState == nil {
		_ = b.cmd.Process.Kill()
		_ = b.cmd.Wait()
	}
}
