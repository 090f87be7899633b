//go:build unix

package store

import (
	"errors"

	"golang.org/x/sys/unix"
)

func (l *fileLock) tryExclusive() (bool, error) { return l.try(unix.LOCK_EX) }
func (l *fileLock) tryShared() (bool, error)    { return l.try(unix.LOCK_SH) }

// try takes the lock or converts the one that is held. If it fails, none is held.
func (l *fileLock) try(how int) (bool, error) {
	for {
		err := unix.Flock(int(l.file.Fd()), how|unix.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, unix.EINTR):
			return false, err
		}
	}
}

// release releases the lock and keeps the file open.
func (l *fileLock) release() error { return unix.Flock(int(l.file.Fd()), unix.LOCK_UN) }
