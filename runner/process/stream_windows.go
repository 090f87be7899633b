package process

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/windows"
)

// output is the engine's end of a stream of the script. It reads the handle directly: os.File takes an empty write by the
// script, which is a read of no bytes, for the end of the stream, and would lose everything after it.
type output struct {
	handle windows.Handle
	last   atomic.Bool // cut was called
}

const pipeSize = 1 << 20

func newOutput() (*output, *os.File, error) {
	var r, w windows.Handle
	if err := windows.CreatePipe(&r, &w, nil, pipeSize); err != nil {
		return nil, nil, os.NewSyscallError("CreatePipe", err)
	}
	return &output{handle: r}, os.NewFile(uintptr(w), "|1"), nil
}

// read is like [io.Reader.Read]. After cut it returns what is left in the pipe and then io.EOF.
func (o *output) read(p []byte) (int, error) {
	for {
		if o.last.Load() {
			waiting, err := o.waiting()
			if err != nil || waiting == 0 {
				return 0, io.EOF
			}
			p = p[:min(len(p), int(waiting))]
		}
		var n uint32
		err := windows.ReadFile(o.handle, p, &n, nil)
		switch {
		case n > 0:
			return int(n), nil
		case errors.Is(err, windows.ERROR_OPERATION_ABORTED): // by cut: try again
		case err != nil: // ERROR_BROKEN_PIPE: all writers have closed it
			return 0, io.EOF
		}
	}
}

// waiting returns the number of bytes in the pipe.
func (o *output) waiting() (n uint32, err error) {
	//nolint:gosec // an argument of the call
	ok, _, err := peekNamedPipe.Call(uintptr(o.handle), 0, 0, 0, uintptr(unsafe.Pointer(&n)), 0)
	if ok == 0 {
		return 0, err
	}
	return n, nil
}

// peekNamedPipe is not in x/sys/windows.
var peekNamedPipe = windows.NewLazySystemDLL("kernel32.dll").NewProc("PeekNamedPipe")

// cut ends the stream after what is in the pipe now. It doesn't cancel a read that begins at the same moment, so it must be
// called until the stream ends.
func (o *output) cut() {
	o.last.Store(true)
	_ = windows.CancelIoEx(o.handle, nil)
}

func (o *output) close() { _ = windows.CloseHandle(o.handle) }
