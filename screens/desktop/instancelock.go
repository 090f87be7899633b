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

// instanceLock makes a process the only window of a data folder. The handover alone can't: two starts at the same moment would
// not find each other.
type instanceLock struct{ file *flock.Flock }

const instanceLockFile = "window.lock"

// lockPatience is how long a start waits for an answer of the window that holds the lock, which may still be opening its data.
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
			return nil, model.NewError("window.folder", "The data folder %s can't be written to. Check its permissions.", dir).Because(err)
		}
		if handOver(ctx, dir, m) {
			return nil, file.Close()
		}
		if !locksWork(err) { // then every start opens a window, which is safe
			return &instanceLock{file}, nil
		}
		if time.Since(start) > patience {
			_ = file.Close()
			return nil, model.NewError("window.busy", "Stepdeck is already open but does not respond. Close it and start it again.")
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// locksWork reports whether the file system has locks, by the error of a try.
func locksWork(err error) bool { return err == nil }

// unwritable reports whether err is of opening the file, not of locking it.
func unwritable(err error) bool {
	var opening *fs.PathError
	return errors.As(err, &opening) && opening.Op == "open"
}

// release unlocks the folder. It keeps the file: after a removal two windows could lock two files of the same name.
func (l *instanceLock) release() { _ = l.file.Close() }
