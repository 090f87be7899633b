package runner

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/noroot"
)

// used makes a work folder as a script may leave it.
func used(t *testing.T) *workspace {
	t.Helper()
	w, err := newWorkspace(t.Context(), filepath.Join(t.TempDir(), "w", "00001001"))
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(w.content, "a", "b")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{filepath.Join(w.content, "script.sh"), filepath.Join(deep, "made by the script"),
		filepath.Join(w.private, "values")} {
		if err := os.WriteFile(file, []byte("x"), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *workspace) wantGone(t *testing.T) {
	t.Helper()
	if _, err := os.Lstat(w.root); !os.IsNotExist(err) {
		t.Errorf("the work folder is still there: %v", err)
	}
}

func TestWorkspaceIsRemoved(t *testing.T) {
	t.Run("as a script left it", func(t *testing.T) {
		w := used(t)
		if err := w.remove(t.Context()); err != nil {
			t.Error(err)
		}
		w.wantGone(t)
	})
	t.Run("that a script shut", func(t *testing.T) {
		w := used(t)
		if err := os.Chmod(filepath.Join(w.content, "a"), 0); err != nil {
			t.Fatal(err)
		}
		if err := w.remove(t.Context()); err != nil {
			t.Error(err)
		}
		w.wantGone(t)
	})
	t.Run("which is not there", func(t *testing.T) {
		if err := RemoveWorkspace(t.Context(), filepath.Join(t.TempDir(), "none")); err != nil {
			t.Error(err)
		}
	})
	t.Run("not what a link leads to", func(t *testing.T) {
		w := used(t)
		kept := filepath.Join(t.TempDir(), "kept")
		if err := os.WriteFile(kept, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Dir(kept), filepath.Join(w.content, "link")); err != nil {
			t.Skip(err)
		}
		if err := os.Chmod(filepath.Join(w.content, "a"), 0); err != nil { // so that each entry is looked at
			t.Fatal(err)
		}
		if err := w.remove(t.Context()); err != nil {
			t.Error(err)
		}
		w.wantGone(t)
		if _, err := os.Stat(kept); err != nil {
			t.Error(err)
		}
	})
}

// What holds a folder for a moment does not keep it from going.
func TestWorkspaceIsRemovedOnceItsFilesAreClosed(t *testing.T) {
	w := used(t)
	noroot.Drop(t)
	release := hold(t, w.content)
	if err := RemoveWorkspace(t.Context(), w.root); err == nil {
		t.Fatal("the folder was removed while it was held")
	}
	go func() {
		time.Sleep(20 * time.Millisecond)
		release()
	}()
	long := make([]time.Duration, 500)
	for i := range long {
		long[i] = 20 * time.Millisecond
	}
	if err := w.removeWithin(t.Context(), long); err != nil {
		t.Error(err)
	}
	w.wantGone(t)
}

// hold keeps a folder from being removed until release is called.
func hold(t *testing.T, dir string) (release func()) {
	t.Helper()
	if runtime.GOOS == "windows" { // a file that is open
		f, err := os.Open(filepath.Join(dir, "script.sh"))
		if err != nil {
			t.Fatal(err)
		}
		return func() { _ = f.Close() }
	}
	parent := filepath.Dir(filepath.Dir(dir)) // no right to take anything out of it
	if err := os.Chmod(parent, 0o500); err != nil {
		t.Fatal(err)
	}
	return func() { _ = os.Chmod(parent, 0o700) }
}
