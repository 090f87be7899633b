//go:build unix

package process

import (
	"os"
	"path/filepath"
	"testing"
)

func TestASupervisorThatOthersMayReplaceIsNotUsed(t *testing.T) {
	for name, modes := range map[string]struct {
		dir, file os.FileMode
		used      bool
	}{
		"ours":                      {0o755, 0o755, true},
		"a file that all may write": {0o755, 0o777, false},
		"a file of the group":       {0o755, 0o775, false},
		"a shared folder":           {0o777 | os.ModeSticky, 0o755, false},
		"a folder of the group":     {0o775, 0o755, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "bin")
			path := filepath.Join(dir, "program")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("program"), 0o700); err != nil {
				t.Fatal(err)
			}
			for what, mode := range map[string]os.FileMode{path: modes.file, dir: modes.dir} {
				if err := os.Chmod(what, mode); err != nil {
					t.Fatal(err)
				}
			}
			if got := supervisorIn(dir, "program", "1.2.3"); (got.Program != "") != modes.used {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestALinkIsNoSupervisor(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/bin/sh", filepath.Join(dir, "program")); err != nil {
		t.Fatal(err)
	}
	if got := supervisorIn(dir, "program", "1.2.3"); got.Program != "" {
		t.Errorf("got %+v", got)
	}
}

func TestAFileOfAnotherIsNotTrusted(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file to another user")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "program")
	if err := os.WriteFile(path, []byte("program"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if trusted(path) {
		t.Error("a file of nobody's is trusted")
	}
}
