package runner

import (
	"io/fs"
	"os"
	"path/filepath"

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
	if err := os.RemoveAll(root); err != nil {
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

func (w *workspace) remove() error { return RemoveWorkspace(w.root) }

// RemoveWorkspace removes the work folder of a step, such as one that a killed engine left.
func RemoveWorkspace(root string) error {
	if os.RemoveAll(root) == nil {
		return nil
	}
	// A script may have taken away rights of folders that it made.
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(path, 0o700) //nolint:gosec // a folder needs x
		}
		return nil
	})
	if err := os.RemoveAll(root); err != nil {
		return model.NewError("workspace.remove", "The work folder %s can't be removed. Stepdeck tries again at its next start; files in it may be open in another program.", root).Because(err)
	}
	return nil
}
