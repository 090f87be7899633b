// Package atomicfile replaces files atomically: readers see the old contents or the new, never a part, even after a crash.
//
// Two packages don't use it: the vault, which also keeps the previous contents and works under a lock, and runner/script,
// which rewrites files in a step's private folder, where nothing can be lost.
package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes data to the file at path, which it replaces if it exists, and sets its permissions to perm.
func Write(path string, data []byte, perm fs.FileMode) error {
	return WriteFrom(path, perm, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteFrom does so with what fill writes. If fill returns an error, the file stays as it was. What is at path and no file, such as a
// pipe, a terminal or /dev/null, is written into: replacing it would take it from everybody else.
func WriteFrom(path string, perm fs.FileMode, fill func(w io.Writer) error) (err error) {
	if isDevice(path) {
		return writeInto(path, fill)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".stepdeck-*") // in the same folder, since a rename can't cross file systems
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	if err = fill(f); err == nil {
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

// isDevice reports whether there is something else than a file or a folder at path. /dev/stdout may lead to a file, and is not one.
func isDevice(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return false
	}
	return !info.Mode().IsRegular() || filepath.Dir(filepath.Clean(path)) == "/dev"
}

func writeInto(path string, fill func(w io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(fill(f), f.Close())
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
