package desktop

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// tryLock takes the lock of the operating system on a file; whoever dies lets go of it.
func tryLock(f *os.File) lockState {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{})
	switch {
	case err == nil:
		return lockGot
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION):
		return lockTaken
	}
	return lockUnknown
}
