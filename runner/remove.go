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

// RemoveFolder removes a folder with all that is in it, also where its folders have lost their rights. It looks at ctx
// before each entry: a folder can hold more of them than anybody wants to wait for.
//
// First it goes from folder to folder, which neither a depth beyond the system's longest path nor a link can mislead.
// What that leaves it takes by path: some file systems of Windows (Go's issue 78969), and Wine, do not know the call by
// which a folder that is open removes its entries.
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

// entriesAtOnce is how many names of a folder are read before they are removed.
const entriesAtOnce = 1024

// removeIn removes what is called name in a folder.
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

// openIn opens a folder, and gives it the rights that it has lost.
func openIn(parent *os.Root, name string) (*os.Root, error) {
	_ = parent.Chmod(name, 0o700)
	return parent.OpenRoot(name)
}

// clearIn removes all that is in a folder. A folder may give fewer names than it has while it shrinks.
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

// removePath removes what lies at a path, and goes on where something can't go.
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
			err = failed // the first one tells enough
		}
	}
	removed := os.Remove(path)
	if removed == nil || errors.Is(removed, fs.ErrNotExist) {
		return nil
	}
	return cmp.Or(err, removed)
}
