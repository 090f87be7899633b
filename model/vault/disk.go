package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

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

// lockFile takes the lock of the operating system on a file of its own; it dies with the process. Readers share it.
func lockFile(ctx context.Context, path string, exclusive bool) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		got, err := tryLock(f, exclusive)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if got {
			return f.Close, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-time.After(5 * time.Millisecond):
		}
	}
}
