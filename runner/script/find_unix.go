//go:build !windows

package script

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

func fileNames(kind Kind) []string {
	if kind == Python {
		return []string{string(kind), "python"}
	}
	return []string{string(kind)}
}

// launched returns what a launcher of the system starts. Windows alone has one.
func launched(context.Context, Kind, []string) []string { return nil }

func executable(info fs.FileInfo) bool { return info.Mode().Perm()&0o111 != 0 }

func samePath(a, b string) bool { return a == b }

func refused(kind Kind, path string) error {
	exists := func(file string) bool { _, err := os.Stat(file); return err == nil }
	if runtime.GOOS == "darwin" && kind == Python && isAppleStub(path, exists) {
		return errors.New("this is a placeholder of macOS that asks to install the command line developer tools, and no Python")
	}
	return nil
}

// isAppleStub reports whether a program is one of those in /usr/bin that open a dialog as long as Apple's developer tools, which
// have the real one, are not installed.
func isAppleStub(path string, exists func(file string) bool) bool {
	folder, name := filepath.Split(path)
	return folder == "/usr/bin/" && !exists("/Library/Developer/CommandLineTools/usr/bin/"+name) &&
		!exists("/Applications/Xcode.app/Contents/Developer/usr/bin/"+name)
}

func hideWindow(*exec.Cmd) {}

// arrange puts the folders of PATH first.
func arrange(_ Kind, onPath, usual []string) []string { return append(onPath, usual...) }

// inHome returns folders below the user's home.
func inHome(folders ...string) []string {
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return nil
	}
	for i, f := range folders {
		folders[i] = filepath.Join(home, f)
	}
	return folders
}
