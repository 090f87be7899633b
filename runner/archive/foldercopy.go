package archive

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// CopyFolder opens the folder src and copies it.
func CopyFolder(ctx context.Context, src, dest string, opts Options) (Result, error) {
	f, err := OpenFolder(src, opts.Limits)
	if err != nil {
		return Result{}, err
	}
	defer f.Close() //nolint:errcheck // read only
	return f.Copy(ctx, dest, opts)
}

// Copy copies the folder as if it were unpacked: the same names are allowed, links are left out or rejected in the same
// way, and after an error dest is as before. The Result's SHA256 covers names and contents (not times or modes), so it
// is the same on every system. It ignores the Format and Limits in opts.
func (f *Folder) Copy(ctx context.Context, dest string, opts Options) (Result, error) {
	inside, err := f.Contains(dest)
	if err != nil {
		return Result{}, err
	}
	if inside { // the copy would copy itself endlessly
		return Result{}, model.NewError("archive.folder.inside", "The folder %s can't be copied into %s, which is inside it.", f.path, dest)
	}
	return into(dest, func(root *os.Root) (Result, error) {
		x := newExtraction(f.name, root, opts)
		err := f.copyTo(ctx, x)
		if err == nil && opts.SHA256 != "" && !strings.EqualFold(x.result.SHA256, opts.SHA256) {
			err = model.NewError("archive.folder.hash", "The folder %s has changed: its SHA-256 is %s, not %s.", f.path, x.result.SHA256,
				opts.SHA256)
		}
		x.meter.stop(err == nil)
		return x.result, err
	})
}

// SHA256 returns the hash that a copy would have now.
func (f *Folder) SHA256(ctx context.Context) (string, error) {
	entries, _, err := f.survey(ctx)
	if err != nil {
		return "", err
	}
	return f.digest(entries, func(e *found, r io.Reader) error {
		n, err := io.Copy(io.Discard, contextReader{ctx, r})
		switch {
		case err != nil:
			return readError{err}
		case n != e.size:
			return errSize
		}
		return nil
	})
}

func (f *Folder) copyTo(ctx context.Context, x *extraction) error {
	entries, p, err := f.survey(ctx)
	if err != nil {
		return err
	}
	x.meter.total.Store(p.total)
	if err := x.makeFolders(ctx, p.folders()); err != nil {
		return err
	}
	for i := range entries {
		if e := &entries[i]; e.kind == link {
			x.skipLink(&e.item, e.target)
		}
	}
	w := x.newWriter(ctx)
	defer w.close()
	x.result.SHA256, err = f.digest(entries, func(e *found, r io.Reader) error {
		err := w.write(&e.item, r)
		x.meter.done.Add(e.size)
		return err
	})
	x.result.Files, x.result.Bytes = int(x.meter.files.Load()), x.meter.bytes.Load()
	return err
}

// digest calls take with each file, which must read it to its end, and returns the hash of all names and contents.
func (f *Folder) digest(entries []found, take func(e *found, r io.Reader) error) (string, error) {
	sum, content := sha256.New(), sha256.New()
	for i := range entries {
		switch e := &entries[i]; e.kind {
		case folder:
			addToHash(sum, 'd', e.name, nil)
		case file:
			content.Reset()
			if err := f.digestFile(e, content, take); err != nil {
				return "", err
			}
			addToHash(sum, 'f', e.name, content.Sum(nil))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func (f *Folder) digestFile(e *found, sum hash.Hash, take func(e *found, r io.Reader) error) error {
	in, err := f.openFile(e.path)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // read only
	err = take(e, io.TeeReader(in, sum))
	var reading readError
	switch {
	case errors.Is(err, errSize): // it grew or shrank since the survey
		return f.changed(nil)
	case errors.As(err, &reading):
		return f.cantRead(e.path, reading.cause)
	default:
		return err
	}
}

// addToHash adds the lengths too, so that no name can be mistaken for content.
func addToHash(sum hash.Hash, what byte, name string, content []byte) {
	frame := binary.AppendUvarint([]byte{what}, uint64(len(name)))
	sum.Write(append(append(frame, name...), content...))
}
