//go:build !windows

package script

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

func fileNames(kind Kind) []string { return []string{string(kind)} }

// launched returns what a launcher of the system starts. Windows alone has one.
func launched(context.Context, Kind, []string) []string { return nil }

func executable(info fs.FileInfo) bool { return info.Mode().Perm()&0o111 != 0 }

func samePath(a, b string) bool { return a == b }

func refused(Kind, string) error { return nil }

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
