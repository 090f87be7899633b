//go:build unix

package desktop

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// tryLock takes the lock of the operating system on a file; whoever dies lets go of it.
func tryLock(f *os.File) lockState {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return lockGot
		case errors.Is(err, unix.EWOULDBLOCK):
			return lockTaken
		case !errors.Is(err, unix.EINTR):
			return lockUnknown
		}
	}
}
