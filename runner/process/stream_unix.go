//go:build unix

package process

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// output is the engine's end of a stream of the script.
type output struct {
	file *os.File
	rest int // after cut: how many bytes may still be read
}

// pipeSize is the size of the buffer for output while the engine is busy, and so the most that can be left after cut.
const pipeSize = 1 << 20

func newOutput() (*output, *os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	if raw, err := r.SyscallConn(); err == nil {
		_ = raw.Control(growPipe)
	}
	return &output{file: r, rest: pipeSize}, w, nil
}

// read is like [io.Reader.Read]. After cut it returns what is left in the pipe and then io.EOF.
func (o *output) read(p []byte) (int, error) {
	n, err := o.file.Read(p)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return n, err
	}
	return o.readRest(p)
}

// readRest reads in spite of the deadline that cut set, after which Read fails even if there is data. It stops after a
// whole pipe buffer: anything beyond that was not written by the tree.
func (o *output) readRest(p []byte) (int, error) {
	p = p[:min(len(p), o.rest)]
	if len(p) == 0 {
		return 0, io.EOF
	}
	raw, err := o.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	n := 0
	cerr := raw.Control(func(fd uintptr) {
		for {
			n, err = syscall.Read(int(fd), p)
			if !errors.Is(err, syscall.EINTR) {
				return
			}
		}
	})
	if cerr != nil || err != nil || n <= 0 { // EAGAIN: the pipe is empty
		return 0, io.EOF
	}
	o.rest -= n
	return n, nil
}

// cut ends the stream after what is in the pipe now.
func (o *output) cut() { _ = o.file.SetReadDeadline(time.Unix(1, 0)) }

func (o *output) close() { _ = o.file.Close() }
