// Package artifact copies a file that a script names. The script may be hostile or at work on the file, so that a copy is bounded,
// reads nothing but ordinary files, and waits for nothing.
package artifact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/atomicfile"
)

// File is an open file that can be copied.
type File struct {
	reader  *Reader
	file    fs.File
	info    fs.FileInfo // when it was opened
	givenUp bool        // a read of it is left behind
}

// Open opens the file at path for a copy. Links are followed: whoever runs a script may read what the script may.
func (r *Reader) Open(ctx context.Context, path string) (*File, error) {
	if err := r.full(); err != nil {
		return nil, err
	}
	from := r.From
	if from == nil {
		from = fromDisk
	}
	file, err := await(ctx, r, func() (*File, error) {
		file, err := from(path)
		if err != nil {
			return nil, err
		}
		info, err := file.Stat()
		if err == nil && !info.Mode().IsRegular() { // it was exchanged in between
			err = notAFile(path, info.Mode())
		}
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return &File{reader: r, file: file, info: info}, nil
	}, func(late *File) { _ = late.file.Close() })
	if known := (*model.Error)(nil); err != nil && !errors.As(err, &known) {
		err = unreadable(path, err)
	}
	return file, err
}

// Size is the size of the file when it was opened, in bytes.
func (f *File) Size() int64 { return f.info.Size() }

// Close closes the file. If a read of it was given up, that is done in the background: on Windows it waits for the read.
func (f *File) Close() error {
	if f.givenUp {
		go f.file.Close() //nolint:errcheck // it was only read
		return nil
	}
	_, err := await(context.Background(), f.reader, func() (struct{}, error) { return struct{}{}, f.file.Close() }, func(struct{}) {})
	return err
}

// Unchanged reports whether the file at path is still as it was when it was opened. An error means that nobody knows.
func (f *File) Unchanged(ctx context.Context, path string) (bool, error) {
	if err := f.reader.full(); err != nil {
		return false, err
	}
	return await(ctx, f.reader, func() (bool, error) {
		now, err := os.Stat(path)
		return err == nil && now.Size() == f.info.Size() && now.ModTime().Equal(f.info.ModTime()) && os.SameFile(now, f.info), nil
	}, func(bool) {})
}

// Copied is what came of a copy.
type Copied struct {
	Size   int64
	SHA256 string
}

// Copy writes the file's contents to the file at path, for its owner alone, in a folder that is created if it is missing. What was
// added to the file since it was opened is left out. It fails beyond most bytes. also gets the bytes too; nil: nobody does.
func (f *File) Copy(ctx context.Context, path string, most int64, also io.Writer) (Copied, error) {
	if f.Size() > most {
		return Copied{}, tooLarge(most)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Copied{}, notWritten(err)
	}
	if f.Size() > 0 {
		most = f.Size()
	} else {
		most++ // a file of the system may have contents and no size
	}
	if also == nil {
		also = io.Discard
	}
	hash := sha256.New()
	var size int64
	err := atomicfile.WriteFrom(path, 0o600, func(w io.Writer) (err error) {
		size, err = io.Copy(io.MultiWriter(w, hash, also), io.LimitReader(&reading{ctx: ctx, file: f}, most))
		return err
	})
	if err == nil && f.Size() == 0 && size == most {
		err = errors.Join(tooLarge(most-1), os.Remove(path))
	}
	if err != nil {
		return Copied{}, notCopied(ctx, err)
	}
	return Copied{size, hex.EncodeToString(hash.Sum(nil))}, nil
}

// CodeMissing is the code of the error that there is no such file.
const CodeMissing = "artifact.missing"

func unreadable(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return model.NewError(CodeMissing, "There is no file %s.", quoted(path))
	}
	return model.NewError("artifact.read", "The file %s can't be read: %s.", quoted(path), plain(err))
}

// quoted returns a path, which a script chose, for a sentence.
func quoted(path string) string { return model.SafeQuote(path, 300) }

// plain returns an error of the system without the call and the path that it happened at.
func plain(err error) string {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

func notAFile(path string, mode fs.FileMode) error {
	kind, advice := "a device", "write what comes from it into a file"
	switch {
	case mode.IsDir():
		kind, advice = "a folder", "pack it into one file"
	case mode&fs.ModeNamedPipe != 0:
		kind = "a pipe"
	case mode&fs.ModeSocket != 0:
		kind = "a socket"
	}
	return model.NewError("artifact.kind", "%s is no file but %s: %s.", quoted(path), kind, advice)
}

func tooLarge(most int64) error {
	return model.NewError("artifact.size", "It is larger than %s.", model.FormatBytes(most))
}

func notWritten(err error) error {
	return model.NewError("artifact.write", "It can't be written into Stepdeck's data folder: %s.", plain(err))
}

// notCopied explains an error in the midst of a copy.
func notCopied(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return model.NewError("artifact.ended", "The run ended while it was copied.")
	}
	if known := (*model.Error)(nil); errors.As(err, &known) {
		return known
	}
	return model.NewError("artifact.copy", "It can't be copied: %s.", plain(err))
}
