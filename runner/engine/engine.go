// Package engine starts a run in a process of its own, receives its events and stops it. The engine of a run is the command
// `stepdeck run --events`: what the window can do, a script can do too. A run outlives the process that started it.
package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Engine starts runs with the command at one path.
type Engine struct {
	path    string
	environ []string
	dir     string
	build   Build
}

// Options of an Engine.
type Options struct {
	Path    string   // of the command
	Build   Build    // of this program, which the command's must equal
	Environ []string // of the command, which itself removes what scripts may not see
	Dir     string   // working folder of the command; on Windows it can't be removed during a run
}

// New returns an Engine. It starts nothing.
func New(o Options) *Engine { return &Engine{o.Path, o.Environ, o.Dir, o.Build} }

// Path returns the path of the command.
func (e *Engine) Path() string { return e.path }

// Locate returns the path of the command that belongs to the window's program, where the installers and the build put it.
func Locate(window string) (string, error) {
	window, err := filepath.EvalSymlinks(window)
	if err != nil {
		return "", model.NewError("engine.self", "Stepdeck can't find its own folder. Install it again.").Because(err)
	}
	paths := beside(runtime.GOOS, filepath.Dir(window))
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case err == nil && info.Mode().IsRegular():
			return p, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return "", model.NewError("engine.found", "The command %s can't be opened. Nothing can run without it.", p).Because(err)
		}
	}
	return "", model.NewError("engine.missing",
		"Stepdeck's command is missing (%s). Nothing can run without it: install Stepdeck again.", paths[0])
}

// beside returns the possible paths of the command if the window is in dir.
func beside(goos, dir string) []string {
	switch goos {
	case "windows":
		return []string{filepath.Join(dir, "bin", "stepdeck.exe"), filepath.Join(dir, "stepdeck.exe")}
	case "darwin":
		return []string{filepath.Join(dir, "..", "Helpers", "stepdeck"), filepath.Join(dir, "stepdeck")}
	}
	return []string{filepath.Join(dir, "stepdeck")}
}

// checkTimeout is long because a virus scanner may delay the command when it is first started.
const checkTimeout = 30 * time.Second

// Check returns an error if the command does not work or is of another build than this program. It says so before anything is to
// run; what protects the secrets of a run is that [Engine.Start] checks the very process that it starts.
func (e *Engine) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, e.path, "version", "--json")
	cmd.Env, cmd.Dir = e.environ, e.dir
	cmd.SysProcAttr = detached()
	var stderr stderrTail
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return model.NewError("engine.broken",
			"The command %s does not work. Nothing can run without it: install Stepdeck again.", e.path).Because(stderr.errorOr(err))
	}
	var build Build
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&build); err != nil {
		return model.NewError("engine.broken",
			"The command %s is not Stepdeck's. Nothing can run without Stepdeck's own: install Stepdeck again.", e.path).Because(err)
	}
	return e.accepts(build)
}

// stderrTail keeps the end of a command's error output.
type stderrTail struct{ text []byte }

const tailBytes = 8 << 10

// Write implements io.Writer.
func (t *stderrTail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if over := len(t.text) - tailBytes; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

// errorOr returns the text as an error, or other if it is empty.
func (t *stderrTail) errorOr(other error) error {
	text := strings.TrimSpace(strings.ToValidUTF8(string(t.text), "�"))
	text = strings.TrimPrefix(text, "stepdeck: ")
	if text == "" {
		return other
	}
	return errors.New(text)
}
