package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// workspace is the private folder of one step. The names in it are short, because paths on Windows are limited to 260
// characters.
type workspace struct {
	root    string // removed as a whole
	content string // the package or the inline script: the script's own folder
	private string // bootstrap, values and the script's own AWS configuration
}

func workspaceAt(root string) *workspace {
	return &workspace{root: root, content: contentFolder(root), private: PrivateFolder(root)}
}

func newWorkspace(ctx context.Context, root string) (*workspace, error) {
	w := workspaceAt(root)
	if err := os.MkdirAll(filepath.Dir(root), 0o700); err != nil {
		return nil, workspaceError(root, err)
	}
	// A folder of that name can only be left over from a database that no longer exists.
	if err := RemoveFolder(ctx, root); err != nil {
		return nil, workspaceError(root, err)
	}
	for _, dir := range []string{w.root, w.content, w.private} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return nil, workspaceError(dir, err)
		}
	}
	return w, nil
}

// contentFolder returns the script's own folder in a work folder.
func contentFolder(root string) string { return filepath.Join(root, "c") }

// awsConfig returns the folder of the script's own AWS configuration, which may hold keys.
func (w *workspace) awsConfig() string { return filepath.Join(w.private, "a") }

// programs returns the folder of what starts the step's programs, where PATH doesn't lead to them.
func (w *workspace) programs() string { return filepath.Join(w.private, "b") }

// certificates returns the file of the certificates that the script is to trust.
func (w *workspace) certificates() string { return filepath.Join(w.private, "ca.pem") }

// privateFolder holds the bootstrap, the values and the script's own AWS configuration in a work folder.
const privateFolder = "p"

func workspaceError(dir string, err error) error {
	return model.NewError("workspace",
		"The work folder %s can't be created. Free disk space or check the permissions, or choose another data folder with STEPDECK_HOME.",
		dir).Because(err)
}

// pauses are the waits between attempts to remove a work folder. On Windows a virus scanner or the search index may still
// have a file of the script open, and then it can't be removed.
var pauses = []time.Duration{
	50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond,
}

// How long the removal may take after a stop and after a kill, since people wait for it.
const (
	stopCleanup = 10 * time.Second
	killCleanup = 2 * time.Second
)

// untilKilled returns a context for cleaning up. It ends with ctx, or soon after kill is closed. If ctx has ended already, it
// ends after stopCleanup.
func untilKilled(ctx context.Context, kill <-chan struct{}) (context.Context, context.CancelFunc) {
	ended, cancel := context.WithCancel(ctx)
	if ctx.Err() != nil {
		cancel()
		ended, cancel = context.WithTimeout(context.WithoutCancel(ctx), stopCleanup)
	}
	go func() {
		select {
		case <-kill:
		case <-ended.Done():
			return
		}
		select { // a kill may follow a stop at once
		case <-time.After(killCleanup):
			cancel()
		case <-ended.Done():
		}
	}()
	return ended, cancel
}

func (w *workspace) remove(ctx context.Context) error { return w.removeWithin(ctx, pauses) }

func (w *workspace) removeWithin(ctx context.Context, pauses []time.Duration) error {
	err := RemoveWorkspace(ctx, w.root)
	for _, pause := range pauses {
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		err = RemoveWorkspace(ctx, w.root)
	}
	return err
}

// PrivateFolder returns the folder for secrets in a work folder.
func PrivateFolder(root string) string { return filepath.Join(root, privateFolder) }

// RemovePrivate removes the secrets in a work folder.
func RemovePrivate(ctx context.Context, root string) error {
	return RemoveFolder(ctx, PrivateFolder(root))
}

// RemoveWorkspace removes the work folder of a step, its secrets first. It is also for folders that a killed engine left. It
// stops when ctx ends; what is left then can be removed later.
func RemoveWorkspace(ctx context.Context, root string) error {
	if err := errors.Join(RemovePrivate(ctx, root), RemoveFolder(ctx, root)); err != nil {
		return model.NewError("workspace.remove",
			"The work folder %s can't be removed. Its files may be open in another program. Stepdeck will try again at its next start.",
			root).Because(err)
	}
	return nil
}
