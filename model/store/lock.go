package store

import (
	"context"
	"errors"
	"os"
	"time"
)

// fileLock is an operating system's lock on a file, which ends with its process. It isn't gofrs/flock, which the rest
// of Stepdeck uses: that locks a file's first byte, and on Windows a locked byte can't be read by others. These files
// have text that others read while they are locked, and a shared lock that becomes an exclusive one.
type fileLock struct{ file *os.File }

// openLock opens the file to be locked, and creates it if missing.
func openLock(path string) (*fileLock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return &fileLock{file}, nil
}

// unlock releases the lock; the file stays.
func (l *fileLock) unlock() error { return l.file.Close() }

// remove deletes the file and releases the lock. It is for locks that are never taken again: no process may be waiting
// for it.
func (l *fileLock) remove() error {
	path := l.file.Name()
	// Windows can't remove an open file; Unix should remove it while it is still locked.
	early := os.Remove(path)
	err := l.file.Close()
	if early != nil {
		if late := os.Remove(path); late != nil && !errors.Is(late, os.ErrNotExist) {
			return errors.Join(err, late)
		}
	}
	return err
}

// isLocked reports whether a process holds the lock on that file. A missing file is not locked.
func isLocked(path string) (bool, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	probe := &fileLock{file}
	free, err := probe.tryShared() // shared, so that two processes that probe don't see each other
	return !free, errors.Join(err, probe.unlock())
}

// poll calls try until it gets the lock, ctx ends or patience has passed; in the last case got is false.
func poll(ctx context.Context, patience time.Duration, try func() (bool, error)) (got bool, err error) {
	for start := time.Now(); ; {
		if got, err := try(); got || err != nil {
			return got, err
		}
		if time.Since(start) > patience {
			return false, nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
