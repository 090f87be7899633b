package store

import (
	"context"
	"errors"
	"os"
	"time"
)

// fileLock is an operating system's lock on a file, which ends with its process. It isn't gofrs/flock, which the rest of
// Stepdeck uses: that locks a file's first byte, and on Windows nobody can read what is locked. These files have text
// that others read while they are locked, and a shared lock that becomes an exclusive one.
type fileLock struct{ file *os.File }

// openLock opens the file that is to be locked, and makes it where missing.
func openLock(path string) (*fileLock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return &fileLock{file}, nil
}

// unlock lets go; the file stays.
func (l *fileLock) unlock() error { return l.file.Close() }

// retire removes the file and lets go. Nobody may wait for this lock: it is one that is never taken again.
func (l *fileLock) retire() error {
	path := l.file.Name()
	// Windows removes no open file, Unix should remove it while it is still locked.
	early := os.Remove(path)
	err := l.file.Close()
	if early != nil {
		if late := os.Remove(path); late != nil && !errors.Is(late, os.ErrNotExist) {
			return errors.Join(err, late)
		}
	}
	return err
}

// isHeld reports whether anyone holds the lock on that file. A file that is not there is held by nobody.
func isHeld(path string) (bool, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	probe := &fileLock{file}
	free, err := probe.tryShared() // shared, so that two who look don't see each other
	return !free, errors.Join(err, probe.unlock())
}

// keepTrying asks until it gets the lock, is told to stop or patience ends; then got is false.
func keepTrying(ctx context.Context, patience time.Duration, try func() (bool, error)) (got bool, err error) {
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
