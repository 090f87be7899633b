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
	backupSuffix = ".bak" // the generation before
	newSuffix    = ".new" // one that is being written
	lockSuffix   = ".lock"
)

// readPrivate reads a file that nobody else may read.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no ordinary file")
	}
	if info.Size() > largestFile {
		return nil, fmt.Errorf("it has %d bytes", info.Size())
	}
	if isOpenToOthers(info) {
		return nil, model.NewError("vault.rights", "Others may read the vault %s (%v), so it is not used. Run chmod 600 on it, and change the secrets if somebody may have copied it.", path, info.Mode().Perm())
	}
	return os.ReadFile(path)
}

// replace writes a file so that at every moment the old or the new one is there whole, and keeps the old one beside it.
func replace(path string, text, previous []byte) error {
	if previous != nil {
		if err := writeWhole(path+backupSuffix, previous); err != nil {
			return err
		}
	}
	return writeWhole(path, text)
}

func writeWhole(path string, text []byte) (err error) {
	// One left over by a killed process is written over: the lock is ours.
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

// retryLock is how often a lock that somebody else holds is asked for again.
const retryLock = 5 * time.Millisecond

// lockFile takes the operating system's lock on a file of its own, which ends with the process. Readers share it.
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
