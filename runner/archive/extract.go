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

// Options of [Extract] and [CopyFolder]. The zero value is valid.
type Options struct {
	Format   Format // "" if it follows from the file's name
	Limits   Limits
	SHA256   string         // if set, the hash (hexadecimal) that the package or folder must have
	Workers  int            // number of parallel writers; 0 for the default
	Progress func(Progress) // called a few times a second from one goroutine, and once at the end if successful
	Warn     func(Warning)  // called for each warning as it is found; the Result has them all too
}

// Warning describes an entry that was left out although the package is fine.
type Warning struct {
	Code     string // "archive.skipped.link"
	Entry    string
	Target   string // of a link
	Sentence string
}

// Result describes what was unpacked or copied.
type Result struct {
	Format   Format // "" for a plain folder
	Files    int
	Folders  int
	Bytes    int64
	Warnings []Warning
	SHA256   string // of the package file; for a plain folder, of names and contents
}

// Extract unpacks the package at path into the folder dest, which must be empty or not exist yet (its parent must
// exist). Files are readable and writable only for the user, and executable if they were on Unix. After an error dest
// is as before: missing or empty.
func Extract(ctx context.Context, path, dest string, opts Options) (Result, error) {
	a, err := Open(path, opts.Format, opts.Limits)
	if err != nil {
		return Result{}, err
	}
	defer a.Close() //nolint:errcheck // read only
	return a.Extract(ctx, dest, opts)
}

// Extract is [Extract] for an open package. It ignores the Format and Limits in opts.
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
		sum, hashErr := hash() // also waits until the file is no longer read
		if hashErr == nil && opts.SHA256 != "" && !strings.EqualFold(sum, opts.SHA256) {
			// Whatever else is wrong with it, this is the reason.
			err = model.NewError("archive.hash",
				"The package file %s isn't the one that was imported: its SHA-256 is %s, not %s. Import the package again.",
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

// inBackground starts work and returns a function that waits for its result.
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

// into calls fill with an empty folder, and removes everything if fill fails.
func into(dest string, fill func(root *os.Root) (Result, error)) (_ Result, err error) {
	created, err := emptyFolder(dest)
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
	if created {
		err = besides(err, os.RemoveAll(dest))
	}
	return Result{}, err
}

// besides joins err with an error of the cleanup after it.
func besides(err, more error) error {
	if more == nil {
		return err
	}
	return errors.Join(err, more)
}

// emptyFolder creates dest, private to the user, or checks that it is an empty folder.
func emptyFolder(dest string) (created bool, err error) {
	err = os.Mkdir(dest, 0o700)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return false, model.NewError("archive.dest", "The folder %s to unpack into can't be created.", dest).Because(err)
	}
	info, err := os.Lstat(dest)
	if err != nil || !info.IsDir() {
		return false, model.NewError("archive.dest.kind", "%s, where the package should go, is not a folder.", dest)
	}
	entries, err := os.ReadDir(dest)
	if err != nil || len(entries) > 0 {
		return false, model.NewError("archive.dest.used", "The folder %s, where the package should go, is not empty.", dest)
	}
	return false, nil
}

// clearFolder removes everything in root.
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

// extraction is one package being unpacked into one folder.
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

// maxWorkers is 4: beyond that, everything waits for the file system.
const maxWorkers = 4

// makeFolders creates folders whose parents exist or precede them in the list.
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
	w.Sentence = "The symbolic link " + shown(entry) + where + " was left out."
	return w
}

func (x *extraction) cantWrite(name string, cause error) error {
	if errors.Is(cause, fs.ErrExist) {
		// The policy finds every collision it can; this is one that only the file system knows (Windows' short names).
		return refuseEntry(codeCollision, x.pkg, name, "another entry").Because(cause)
	}
	return model.NewError("archive.write", "%s of the package %s can't be written.", shown(name), x.pkg).Because(cause)
}
