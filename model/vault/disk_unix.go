//go:build unix

package vault

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

func isOpenToOthers(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

// syncFolder makes a rename in a folder survive a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func tryLock(f *os.File, exclusive bool) (bool, error) {
	how := unix.LOCK_SH
	if exclusive {
		how = unix.LOCK_EX
	}
	err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, unix.EINTR) {
		return false, nil
	}
	return err == nil, err
}
