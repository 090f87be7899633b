package runner

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// workspace is the private folder of one step: what it runs in, and beside it what only the bootstrap reads. Names are
// short, because 260 characters are soon reached on Windows.
type workspace struct {
	root    string // removed as a whole
	content string // the package or the inline script: the script's own folder
	private string // bootstrap and values
}

func newWorkspace(root string) (*workspace, error) {
	w := &workspace{root: root, content: filepath.Join(root, "c"), private: filepath.Join(root, "p")}
	if err := os.MkdirAll(filepath.Dir(root), 0o700); err != nil {
		return nil, workspaceError(root, err)
	}
	// A folder of that name can only be left over from a database that is no more.
	if err := RemoveFolder(root); err != nil {
		return nil, workspaceError(root, err)
	}
	for _, dir := range []string{w.root, w.content, w.private} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return nil, workspaceError(dir, err)
		}
	}
	return w, nil
}

func workspaceError(dir string, err error) error {
	return model.NewError("workspace", "The work folder %s can't be made. Make room or set its rights, or choose another data folder with STEPDECK_HOME.", dir).Because(err)
}

// pauses are what a removal waits for whoever still looks at a file of a script that has just ended: on Windows a virus
// scanner or the search index, and then the file can't go.
var pauses = []time.Duration{50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond}

func (w *workspace) remove() error { return w.removeWithin(pauses) }

func (w *workspace) removeWithin(pauses []time.Duration) error {
	err := RemoveWorkspace(w.root)
	for _, pause := range pauses {
		if err == nil {
			break
		}
		time.Sleep(pause)
		err = RemoveWorkspace(w.root)
	}
	return err
}

// RemoveWorkspace removes the work folder of a step, such as one that a killed engine left.
func RemoveWorkspace(root string) error {
	if err := RemoveFolder(root); err != nil {
		return model.NewError("workspace.remove", "The work folder %s can't be removed. Stepdeck tries again at its next start; files in it may be open in another program.", root).Because(err)
	}
	return nil
}

// RemoveFolder removes a folder with all that is in it, also where its folders have lost their rights, and where the
// system does not know the call by which os.RemoveAll removes: some file systems of Windows (Go's issue 78969), and Wine.
func RemoveFolder(root string) error {
	if os.RemoveAll(root) == nil {
		return nil
	}
	var entries []string // each after the folder that it lies in
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(path, 0o700) //nolint:gosec // a folder needs x
		}
		entries = append(entries, path)
		return nil
	})
	for _, path := range slices.Backward(entries) {
		_ = os.Remove(path) // what can't go makes the last call fail
	}
	return os.RemoveAll(root)
}
