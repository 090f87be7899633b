package artifact

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Reader reads the files that scripts name. A file system that doesn't answer, such as a share that is gone, is given up: the call to it
// can't be interrupted, and is left behind on a goroutine of its own. Whatever it still gives is dropped, and its file is closed.
type Reader struct {
	Patience time.Duration                      // that a call to the file system is waited for
	Most     int64                              // calls that may be left behind; while there are so many no other file is tried
	From     func(path string) (fs.File, error) // opens a file; nil: on this computer

	left atomic.Int64 // calls that are left behind
}

// NewReader returns a Reader for the files of this computer.
func NewReader() *Reader { return &Reader{Patience: 30 * time.Second, Most: 3} }

// CodeStalled is the code of the error that a file system did not answer.
const CodeStalled = "artifact.stalled"

// full returns an error while too many calls are left behind.
func (r *Reader) full() error {
	if left := r.left.Load(); left >= r.Most {
		return model.NewError(CodeStalled, "It was not tried, since %s before it can't be read. %s", model.Count(left, "file", "files"), advice)
	}
	return nil
}

const advice = "Let the script copy it to a local disk first."

// await returns what call returns, unless ctx ends or the patience is over before. What it returns after that goes to drop.
func await[T any](ctx context.Context, r *Reader, call func() (T, error), drop func(T)) (none T, _ error) {
	type answer struct {
		value T
		err   error
	}
	answers, gone := make(chan answer), make(chan struct{})
	go func() {
		value, err := call()
		select {
		case answers <- answer{value, err}:
		case <-gone:
			if err == nil {
				drop(value)
			}
			r.left.Add(-1)
		}
	}()
	patience := time.NewTimer(r.Patience)
	defer patience.Stop()
	var err error
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		err = model.NewError("artifact.ended", "It could not be read before the run ended.")
	case <-patience.C:
		err = model.NewError(CodeStalled, "Nothing could be read for %s: its disk or network share does not answer. %s",
			model.TimeWords(r.Patience), advice)
	}
	r.left.Add(1)
	close(gone)
	return none, err
}

// reading reads a file for as long as something comes of it.
type reading struct {
	ctx    context.Context //nolint:containedctx // an io.Reader gets none
	file   *File
	buffer []byte // its own: a read that was given up still writes into it
}

func (r *reading) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	if len(r.buffer) < len(p) {
		r.buffer = make([]byte, len(p))
	}
	into := r.buffer[:len(p)]
	type chunk struct {
		n   int
		err error // beside bytes, such as io.EOF
	}
	got, err := await(r.ctx, r.file.reader, func() (chunk, error) {
		n, err := r.file.file.Read(into)
		return chunk{n, err}, nil
	}, func(chunk) {})
	if err != nil {
		r.file.givenUp = true
		return 0, err
	}
	return copy(p, into[:got.n]), got.err
}

// fromDisk opens an ordinary file of this computer.
func fromDisk(path string) (fs.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a device can have effects
		return nil, notAFile(path, info.Mode())
	}
	file, err := openNow(path)
	if err != nil {
		return nil, err
	}
	if ofSystem(file) {
		err = model.NewError("artifact.system", "%s is no file on a disk. Copy it to one in the script.", quoted(path))
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
