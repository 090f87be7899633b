package runner

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// RemoveFolder removes a folder with everything in it, even if folders in it deny access. It checks ctx before each entry,
// since a folder can have very many. A folder that doesn't exist is not an error.
//
// First it removes entries through open folders, so that paths may exceed the system's limit and links are never followed.
// Then it removes by path what is left: Wine and some file systems of Windows (Go's issue 78969) don't support removing
// entries through an open folder.
func RemoveFolder(ctx context.Context, root string) error {
	parent, err := os.OpenRoot(filepath.Dir(root))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = removeIn(ctx, parent, filepath.Base(root))
		_ = parent.Close()
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	return removePath(ctx, root)
}

// entriesAtOnce is how many names in a folder are read at a time.
const entriesAtOnce = 1024

// removeIn removes the entry name of a folder.
func removeIn(ctx context.Context, parent *os.Root, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := parent.Remove(name)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if info, statErr := parent.Lstat(name); statErr != nil || !info.IsDir() {
		return err
	}
	dir, err := openIn(parent, name)
	if err != nil {
		return err
	}
	if err := errors.Join(clearIn(ctx, dir), dir.Close()); err != nil {
		return err
	}
	return parent.Remove(name)
}

// openIn opens a folder, after it has restored the permissions for that.
func openIn(parent *os.Root, name string) (*os.Root, error) {
	_ = parent.Chmod(name, 0o700)
	return parent.OpenRoot(name)
}

// clearIn removes everything in a folder. It repeats until the folder is empty, since reading one that shrinks may miss names.
func clearIn(ctx context.Context, dir *os.Root) error {
	for {
		names, err := someNames(dir)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := removeIn(ctx, dir, name); err != nil {
				return err
			}
		}
	}
}

func someNames(dir *os.Root) ([]string, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(entriesAtOnce)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, errors.Join(err, f.Close())
}

// removePath removes the file or folder at a path. It goes on after an error, and returns the first.
func removePath(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := os.Remove(path)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if info, statErr := os.Lstat(path); statErr != nil || !info.IsDir() {
		return err
	}
	_ = os.Chmod(path, 0o700) //nolint:gosec // a folder needs x
	entries, err := os.ReadDir(path)
	for _, e := range entries {
		failed := removePath(ctx, filepath.Join(path, e.Name()))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			err = failed // the first one is enough
		}
	}
	removed := os.Remove(path)
	if removed == nil || errors.Is(removed, fs.ErrNotExist) {
		return nil
	}
	return cmp.Or(err, removed)
}
