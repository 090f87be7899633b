package noroot_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stepdeck/stepdeck/runner/noroot"
)

func TestPermissionsBind(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are access lists here")
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o200); err != nil {
		t.Fatal(err)
	}
	noroot.Drop(t)
	if _, err := os.ReadFile(path); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v", err)
	}
}
