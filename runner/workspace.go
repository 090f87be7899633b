package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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

func newWorkspace(ctx context.Context, root string) (*workspace, error) {
	w := &workspace{root: root, content: filepath.Join(root, "c"), private: filepath.Join(root, privateFolder)}
	if err := os.MkdirAll(filepath.Dir(root), 0o700); err != nil {
		return nil, workspaceError(root, err)
	}
	// A folder of that name can only be left over from a database that is no more.
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

// privateFolder holds the bootstrap and the values in a work folder.
const privateFolder = "p"

func workspaceError(dir string, err error) error {
	return model.NewError("workspace",
		"The work folder %s can't be made. Make room or set its rights, or choose another data folder with STEPDECK_HOME.", dir).Because(err)
}

// pauses are what a removal waits for whoever still looks at a file of a script that has just ended: on Windows a virus
// scanner or the search index, and then the file can't go.
var pauses = []time.Duration{
	50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond,
}

// How long the removal after a stop may take, and after a kill: whoever ended a run does not wait for more.
const (
	stoppedPatience = 10 * time.Second
	killedPatience  = 2 * time.Second
)

// untilKilled ends with ctx, and soon after kill is closed. What ended before gives what is to be done after it a time of its own.
func untilKilled(ctx context.Context, kill <-chan struct{}) (context.Context, context.CancelFunc) {
	ended, cancel := context.WithCancel(ctx)
	if ctx.Err() != nil {
		cancel()
		ended, cancel = context.WithTimeout(context.WithoutCancel(ctx), stoppedPatience)
	}
	go func() {
		select {
		case <-kill:
		case <-ended.Done():
			return
		}
		select { // a kill may follow its own stop at once
		case <-time.After(killedPatience):
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

// RemovePrivate removes what is secret in a work folder.
func RemovePrivate(ctx context.Context, root string) error {
	return RemoveFolder(ctx, filepath.Join(root, privateFolder))
}

// RemoveWorkspace removes the work folder of a step, such as one that a killed engine left, what is secret in it first.
// It ends with ctx, and what is left then can be removed later.
func RemoveWorkspace(ctx context.Context, root string) error {
	if err := errors.Join(RemovePrivate(ctx, root), RemoveFolder(ctx, root)); err != nil {
		return model.NewError("workspace.remove",
			"The work folder %s can't be removed. Stepdeck tries again at its next start; files in it may be open in another program.",
			root).Because(err)
	}
	return nil
}
