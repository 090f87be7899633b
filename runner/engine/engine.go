// Package engine starts a run in a process of its own, hears of it and stops it. The engine of a run is the command
// `stepdeck run --events`: what the window can do, a script can do too. A run outlives whoever started it.
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

// Engine starts runs with one command.
type Engine struct {
	path    string
	environ []string
	dir     string
}

// Options say which command runs, and in what world.
type Options struct {
	Path    string   // of the command
	Environ []string // of the command; it drops what no script may see
	Dir     string   // the folder it starts in; on Windows nobody can remove that one while a run goes on
}

// New makes an Engine.
func New(o Options) *Engine { return &Engine{o.Path, o.Environ, o.Dir} }

// Path is where the command lies.
func (e *Engine) Path() string { return e.path }

// Locate finds the command that ships with the window, as the installers and the build lay them out.
func Locate(window string) (string, error) {
	window, err := filepath.EvalSymlinks(window)
	if err != nil {
		return "", model.NewError("engine.self", "Stepdeck can't find its own folder. Install it again.").Because(err)
	}
	places := beside(runtime.GOOS, filepath.Dir(window))
	for _, p := range places {
		info, err := os.Stat(p)
		switch {
		case err == nil && info.Mode().IsRegular():
			return p, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return "", model.NewError("engine.found", "The command %s can't be opened. Nothing can run without it.", p).Because(err)
		}
	}
	return "", model.NewError("engine.missing",
		"The command of Stepdeck is missing (%s). Nothing can run without it: install Stepdeck again.", places[0])
}

// beside lists where the command may lie, seen from the window's folder.
func beside(goos, dir string) []string {
	switch goos {
	case "windows":
		return []string{filepath.Join(dir, "bin", "stepdeck.exe"), filepath.Join(dir, "stepdeck.exe")}
	case "darwin":
		return []string{filepath.Join(dir, "..", "Helpers", "stepdeck"), filepath.Join(dir, "stepdeck")}
	}
	return []string{filepath.Join(dir, "stepdeck")}
}

// A virus scanner may look at the command for a while when it is started for the first time.
const answersWithin = 30 * time.Second

// Check refuses a command of another version than the window's: they would not understand each other.
func (e *Engine) Check(ctx context.Context, version string) error {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, e.path, "version", "--json")
	cmd.Env, cmd.Dir = e.environ, e.dir
	cmd.SysProcAttr = detached()
	var errs tail
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return model.NewError("engine.broken",
			"The command %s does not answer. Nothing can run without it: install Stepdeck again.", e.path).Because(errs.or(err))
	}
	var answer struct{ Version string }
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&answer); err != nil {
		return model.NewError("engine.broken",
			"The command %s is not Stepdeck's. Nothing can run without that: install Stepdeck again.", e.path).Because(err)
	}
	if answer.Version != version {
		return model.NewError("engine.version",
			"The window is version %s, the command %s beside it is %s. They work only together: install Stepdeck again.",
			version, e.path, answer.Version)
	}
	return nil
}

// tail keeps the end of what a command says of errors.
type tail struct{ text []byte }

const tailBytes = 8 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if over := len(t.text) - tailBytes; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

// or gives what was said as an error, or other where nothing was.
func (t *tail) or(other error) error {
	said := strings.TrimSpace(strings.ToValidUTF8(string(t.text), "�"))
	said = strings.TrimPrefix(said, "stepdeck: ")
	if said == "" {
		return other
	}
	return errors.New(said)
}
