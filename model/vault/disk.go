package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/stepdeck/stepdeck/model"
)

const (
	backupSuffix = ".bak" // the previous generation
	newSuffix    = ".new" // being written
	lockSuffix   = ".lock"
)

// readPrivate reads a file that other users can't read. Otherwise, or if it is not a regular file, it returns an error.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("it has %d bytes", info.Size())
	}
	if readableByOthers(info) {
		return nil, model.NewError("vault.rights",
			"Other users can read the vault %s (%v), so it is not used. Run chmod 600 on it, and change the secrets in case it was copied.",
			path, info.Mode().Perm())
	}
	return os.ReadFile(path)
}

// replace writes a file atomically, and keeps the previous contents beside it.
func replace(path string, text, previous []byte) error {
	if previous != nil {
		if err := writeAtomic(path+backupSuffix, previous); err != nil {
			return err
		}
	}
	return writeAtomic(path, text)
}

func writeAtomic(path string, text []byte) (err error) {
	// A file of this name was left by a killed process: this one has the lock.
	fresh := path + newSuffix
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	return syncFolder(filepath.Dir(path))
}

// retryLock is the interval of attempts to take a lock that another process has.
const retryLock = 5 * time.Millisecond

// lockFile takes the operating system's lock on the file at path, which ends with the process. Without exclusive the lock is
// shared.
func lockFile(ctx context.Context, path string, exclusive bool) (unlock func() error, err error) {
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	try := lock.TryRLockContext
	if exclusive {
		try = lock.TryLockContext
	}
	if _, err := try(ctx, retryLock); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock.Close, nil
}
