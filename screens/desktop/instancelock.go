package desktop

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/stepdeck/stepdeck/model"
)

// instanceLock is the right to be the one window of a data folder. Of two that start at the same instant neither finds
// the other to hand over to; the lock on a file decides which one stays.
type instanceLock struct{ file *flock.Flock }

const instanceLockFile = "window.lock"

// lockPatience is how long a start waits for the window that holds the lock to answer: it may be opening its data.
const lockPatience = 20 * time.Second

// takeInstanceLock returns the lock, or nil after handing m over to the window that holds it.
func takeInstanceLock(ctx context.Context, dir string, m message, patience time.Duration) (*instanceLock, error) {
	file := flock.New(filepath.Join(dir, instanceLockFile), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	for start := time.Now(); ; {
		got, err := file.TryLock()
		if got {
			return &instanceLock{file}, nil
		}
		if unwritable(err) {
			return nil, model.NewError("window.folder", "The data folder %s can't be written to. Check its rights.", dir).Because(err)
		}
		if handOver(ctx, dir, m) {
			return nil, file.Close()
		}
		if !locksWork(err) { // then each start is a window, which does no harm
			return &instanceLock{file}, nil
		}
		if time.Since(start) > patience {
			_ = file.Close()
			return nil, model.NewError("window.busy", "Stepdeck is open already, but does not answer. End it and start it again.")
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// locksWork reports whether the file system has locks, by what came of a try.
func locksWork(err error) bool { return err == nil }

// unwritable tells a file that can't be opened from one that can't be locked.
func unwritable(err error) bool {
	var opening *fs.PathError
	return errors.As(err, &opening) && opening.Op == "open"
}

// release lets the next window in. The file stays: removing it would let two windows lock two files of one name.
func (l *instanceLock) release() { _ = l.file.Close() }
