package store

import (
	"errors"

	"golang.org/x/sys/windows"
)

// On Windows others can't read what is locked, so the locked byte is far behind the text of the file.
const lockedByte = 1 << 30

func (l *fileLock) tryExclusive() (bool, error) { return l.try(windows.LOCKFILE_EXCLUSIVE_LOCK) }
func (l *fileLock) tryShared() (bool, error)    { return l.try(0) }

// try takes the lock; none may be held.
func (l *fileLock) try(how uint32) (bool, error) {
	err := windows.LockFileEx(windows.Handle(l.file.Fd()), how|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
		&windows.Overlapped{Offset: lockedByte})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, err
}

// release releases the lock and keeps the file open.
func (l *fileLock) release() error {
	return windows.UnlockFileEx(windows.Handle(l.file.Fd()), 0, 1, 0, &windows.Overlapped{Offset: lockedByte})
}
