// Package atomicfile replaces files as a whole: a reader sees the old content or the new, never a part, also after a crash.
//
// The vault has its own, since it keeps the previous state beside the new one and works under a lock; so has runner/script, which
// rewrites a file in the private folder of a step, where there is nothing to lose.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes data to the file at path, with the permissions perm, in place of the file that is there.
func Write(path string, data []byte, perm fs.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".stepdeck-*") // in the same folder: a rename does not cross file systems
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
