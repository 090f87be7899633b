package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"
)

// fileWriter writes files below the root, one at a time. Each worker has its own.
type fileWriter struct {
	x    *extraction
	ctx  context.Context
	buf  []byte
	open map[string]*os.Root // recently used folders: opening a name from the root costs a call for each of its parts
}

// copyBytes is the size of one write.
const copyBytes = 256 << 10

// openFolders limits the descriptors of a writer.
const openFolders = 16

func (x *extraction) newWriter(ctx context.Context) *fileWriter {
	return &fileWriter{x: x, ctx: ctx, buf: make([]byte, copyBytes), open: map[string]*os.Root{}}
}

// close must be called before anything is removed: Windows can't remove open folders.
func (w *fileWriter) close() {
	for name, folder := range w.open {
		_ = folder.Close()
		delete(w.open, name)
	}
}

func (w *fileWriter) folder(name string) (*os.Root, error) {
	if name == "." {
		return w.x.root, nil
	}
	if folder, ok := w.open[name]; ok {
		return folder, nil
	}
	if len(w.open) >= openFolders {
		w.close()
	}
	folder, err := w.x.root.OpenRoot(name)
	if err == nil {
		w.open[name] = folder
	}
	return folder, err
}

// errSize means that the data is longer or shorter than its header says.
var errSize = errors.New("the size is not the one declared")

// write creates the file of it from r, which must have exactly it.size bytes. An error of r is a readError.
func (w *fileWriter) write(it *item, r io.Reader) error {
	folder, err := w.folder(path.Dir(it.name))
	if err != nil {
		return w.x.cantWrite(it.name, err)
	}
	base := path.Base(it.name)
	mode := fs.FileMode(0o600)
	if it.exec {
		mode = 0o700 // setuid and the like are never kept
	}
	f, err := folder.OpenFile(base, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return w.x.cantWrite(it.name, err)
	}
	err = w.fill(f, it, r)
	if closeErr := f.Close(); err == nil && closeErr != nil {
		err = w.x.cantWrite(it.name, closeErr)
	}
	if err != nil {
		return err
	}
	if isPlausible(it.modified) {
		// It is fine if the file system can't store times.
		_ = folder.Chtimes(base, time.Time{}, it.modified)
	}
	w.x.meter.files.Add(1)
	return nil
}

// readError is an error of the reading side.
type readError struct{ cause error }

func (e readError) Error() string { return fmt.Sprintf("reading: %v", e.cause) }
func (e readError) Unwrap() error { return e.cause }

func (w *fileWriter) fill(f *os.File, it *item, r io.Reader) error {
	var written int64
	for {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		n, err := fillBuffer(r, w.buf)
		if written += int64(n); written > it.size {
			return readError{errSize}
		}
		if n > 0 {
			if _, err := f.Write(w.buf[:n]); err != nil {
				return w.x.cantWrite(it.name, err)
			}
			w.x.meter.bytes.Add(int64(n))
		}
		switch {
		case err == nil:
		case !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return readError{err}
		case written != it.size:
			return readError{errSize}
		default:
			return nil
		}
	}
}

// fillBuffer reads until the buffer is full or r ends. Decompressors return small pieces.
func fillBuffer(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var more int
		more, err = r.Read(buf[n:])
		n += more
	}
	return n, err
}

// isPlausible reports whether t is not before zip's own beginning (programs write 0 or 1980 for "unknown") and not in
// the future, allowing for different clocks and time zones.
func isPlausible(t time.Time) bool {
	return t.Year() >= 1980 && t.Before(time.Now().Add(24*time.Hour))
}
