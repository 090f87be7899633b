package archive

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Options of Extract and CopyFolder. The zero value works.
type Options struct {
	Format   Format // of a file whose name doesn't tell it
	Limits   Limits
	SHA256   string         // if set, nothing is left of a package or folder with another hash (hexadecimal)
	Workers  int            // that unpack side by side; 0: as many as are worth it
	Progress func(Progress) // called a few times a second from one goroutine, and once at the end of a success
	Warn     func(Warning)  // called for each warning as it is found; they all stand in the Result too
}

// Warning tells of an entry that was left out though the package is fine.
type Warning struct {
	Code     string // "archive.skipped.link"
	Entry    string
	Target   string // of a link
	Sentence string
}

// Result is what was unpacked or copied.
type Result struct {
	Format   Format // "" for a plain folder
	Files    int
	Folders  int
	Bytes    int64
	Warnings []Warning
	SHA256   string // of the package file as it was read; of names and contents for a plain folder
}

// Extract unpacks the package at path into the folder dest, which it makes (its parent must exist) or which is empty.
// Files come out readable and writable for the user only, executable where they were on Unix. On any error dest is as
// before: not there, or empty.
func Extract(ctx context.Context, path, dest string, opts Options) (Result, error) {
	a, err := Open(path, opts.Format, opts.Limits)
	if err != nil {
		return Result{}, err
	}
	defer a.Close() //nolint:errcheck // read only
	return a.Extract(ctx, dest, opts)
}

// Extract is Extract for an open package. The Format and Limits in opts count no more.
func (a *Archive) Extract(ctx context.Context, dest string, opts Options) (Result, error) {
	return into(dest, func(root *os.Root) (Result, error) {
		x := newExtraction(a.name, root, opts)
		hashing, cancel := context.WithCancel(ctx)
		defer cancel()
		hash := inBackground(func() (string, error) { return a.SHA256(hashing) })
		var err error
		if a.format.isZip() {
			err = a.extractZip(ctx, x)
		} else {
			err = a.extractTar(ctx, x)
		}
		if err != nil && (opts.SHA256 == "" || ctx.Err() != nil) {
			cancel()
		}
		sum, hashErr := hash() // also waits until nobody reads the file any more
		if hashErr == nil && opts.SHA256 != "" && !strings.EqualFold(sum, opts.SHA256) {
			// Whatever else is wrong with it, this is why.
			err = model.NewError("archive.hash", "The package file %s isn't the one that was imported: its SHA-256 is %s, not %s. Import the package again.",
				a.name, sum, opts.SHA256)
		}
		if err == nil {
			err = hashErr
		}
		x.meter.stop(err == nil)
		x.result.Format, x.result.SHA256 = a.format, sum
		return x.result, err
	})
}

// inBackground starts work and returns the way to wait for it.
func inBackground[T any](work func() (T, error)) func() (T, error) {
	var value T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		value, err = work()
	}()
	return func() (T, error) {
		<-done
		return value, err
	}
}

// into gives fill an empty folder, and takes all of it back if fill fails.
func into(dest string, fill func(root *os.Root) (Result, error)) (_ Result, err error) {
	made, err := emptyFolder(dest)
	if err != nil {
		return Result{}, err
	}
	root, err := os.OpenRoot(dest)
	if err == nil {
		var result Result
		if result, err = fill(root); err == nil {
			if err = root.Close(); err == nil {
				return result, nil
			}
		}
		err = besides(err, clearFolder(root))
		_ = root.Close()
	}
	if made {
		err = besides(err, os.RemoveAll(dest))
	}
	return Result{}, err
}

// besides joins what went wrong while something else was already going wrong.
func besides(err, more error) error {
	if more == nil {
		return err
	}
	return errors.Join(err, more)
}

// emptyFolder makes dest, private to the user, or makes sure that it is an empty folder.
func emptyFolder(dest string) (made bool, err error) {
	err = os.Mkdir(dest, 0o700)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return false, model.NewError("archive.dest", "The folder %s to unpack into can't be made.", dest).Because(err)
	}
	info, err := os.Lstat(dest)
	if err != nil || !info.IsDir() {
		return false, model.NewError("archive.dest.kind", "%s, where the package should go, is no folder.", dest)
	}
	there, err := os.ReadDir(dest)
	if err != nil || len(there) > 0 {
		return false, model.NewError("archive.dest.used", "The folder %s, where the package should go, is not empty.", dest)
	}
	return false, nil
}

// clearFolder removes what lies in root.
func clearFolder(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	names, err := dir.Readdirnames(-1)
	_ = dir.Close()
	for _, name := range names {
		err = errors.Join(err, root.RemoveAll(name))
	}
	return err
}

// extraction is one package on its way into one folder.
type extraction struct {
	pkg     string
	root    *os.Root
	workers int
	meter   *meter
	warn    func(Warning)
	result  Result
}

func newExtraction(pkg string, root *os.Root, opts Options) *extraction {
	x := &extraction{pkg: pkg, root: root, workers: opts.Workers, meter: newMeter(opts.Progress), warn: opts.Warn}
	if x.workers <= 0 {
		x.workers = min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	return x
}

// maxWorkers: beyond four, the file system is what everybody waits for.
const maxWorkers = 4

// makeFolders makes folders whose parents exist or stand before them.
func (x *extraction) makeFolders(ctx context.Context, names []string) error {
	for _, name := range names {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := x.root.Mkdir(name, 0o700); err != nil {
			return x.cantWrite(name, err)
		}
	}
	x.result.Folders += len(names)
	return nil
}

func (x *extraction) skipLink(it *item, target string) {
	w := skippedLink(it.raw, target)
	x.result.Warnings = append(x.result.Warnings, w)
	if x.warn != nil {
		x.warn(w)
	}
}

func skippedLink(entry, target string) Warning {
	w := Warning{Code: "archive.skipped.link", Entry: entry, Target: target}
	where := ""
	if target != "" {
		where = " (to " + shown(target) + ")"
	}
	w.Sentence = "The symbolic link " + shown(entry) + where + " is left out."
	return w
}

func (x *extraction) cantWrite(name string, cause error) error {
	if errors.Is(cause, fs.ErrExist) {
		// The policy knows every collision it can; this is the file system's own idea of one (Windows' short names).
		return refuseEntry(codeCollision, x.pkg, name, "another entry").Because(cause)
	}
	return model.NewError("archive.write", "%s of the package %s can't be written.", shown(name), x.pkg).Because(cause)
}
