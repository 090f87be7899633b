package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stepdeck/stepdeck/model/atomicfile"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, text := range []string{"first", "second, in its place"} {
		if err := atomicfile.Write(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != text {
			t.Errorf("%q, %v; want %q", got, err, text)
		}
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o644 {
		t.Errorf("permissions %v, %v", info.Mode(), err)
	}
	only(t, path)
}

func TestAnIrreplaceableFileStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(path, []byte("text"), 0o600); err == nil {
		t.Error("a folder was replaced")
	}
	only(t, path)
}

func TestAFailedWriteChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no more")
	err := atomicfile.WriteFrom(path, 0o600, func(w io.Writer) error {
		_, err := w.Write([]byte("part"))
		return errors.Join(err, failed)
	})
	if text, _ := os.ReadFile(path); !errors.Is(err, failed) || string(text) != "old" {
		t.Errorf("%q, %v", text, err)
	}
	only(t, path)
}

// only fails when anything but path is left in its folder.
func only(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("%v, %v", entries, err)
	}
}
