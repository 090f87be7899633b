package command

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/model"
)

// window opens the window: stepdeck without a command, or with a .stepdeck file to import.
func (c *cli) window(ctx context.Context, cmd *cobra.Command, args []string) error {
	if len(args) > 0 && !strings.EqualFold(filepath.Ext(args[0]), ".stepdeck") {
		var names []string
		for _, sub := range cmd.Commands() {
			names = append(names, sub.Name())
		}
		if near := model.Nearest(args[0], names); near != "" {
			return model.NewError("usage", "There is no command %q. Did you mean %q?", args[0], near)
		}
		return model.NewError("usage", "There is no command %q. See: stepdeck --help", args[0])
	}
	if len(args) > 1 {
		return model.NewError("usage", "The window can open only one file. Import several with: stepdeck import FILE…")
	}
	if len(args) == 1 {
		if _, err := os.Stat(args[0]); err != nil {
			return model.NewError("import.file", "There is no file %s. Check its path.", args[0]).Because(err)
		}
	}
	program, err := findWindow()
	if err != nil {
		return err
	}
	start := exec.CommandContext(ctx, program, args...)
	start.Stdout, start.Stderr = c.Out, c.Err
	start.Cancel = func() error { return nil } // the window outlives the terminal
	if err := start.Start(); err != nil {
		return model.NewError("window.start", "The window %s can't be started. Install Stepdeck again.", program).Because(err)
	}
	return start.Process.Release()
}

// findWindow finds the window's program beside the command, where the installers and the build put it.
func findWindow() (string, error) {
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	if err != nil {
		return "", model.NewError("window.self", "Stepdeck can't find its own folder. Start the window from its icon.").Because(err)
	}
	dir := filepath.Dir(self)
	var paths []string
	switch runtime.GOOS {
	case "windows":
		paths = []string{
			filepath.Join(dir, "..", "Stepdeck.exe"), filepath.Join(dir, "Stepdeck.exe"), filepath.Join(dir, "stepdeck-window.exe"),
		}
	case "darwin":
		paths = []string{filepath.Join(dir, "..", "MacOS", "Stepdeck"), filepath.Join(dir, "stepdeck-window")}
	default:
		paths = []string{filepath.Join(dir, "stepdeck-window")}
	}
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			return p, nil
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", model.NewError("window.found", "The window %s can't be opened.", p).Because(err)
		}
	}
	return "", model.NewError("window.missing",
		"Stepdeck's window is not installed beside this command (%s). The command works without it: see stepdeck --help", paths[0])
}
