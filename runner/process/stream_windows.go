package process

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/windows"
)

// output is the engine's end of a stream of the script. It reads the handle itself: os.File takes an empty write of the
// script ("a read of no bytes") for the end of the stream, and everything after it would be lost.
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

// read is like Read of an io.Reader. After cut it gives what lies in the pipe and then io.EOF.
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
		case errors.Is(err, windows.ERROR_OPERATION_ABORTED): // by cut: look again
		case err != nil: // ERROR_BROKEN_PIPE: everybody has closed it
			return 0, io.EOF
		}
	}
}

// waiting tells how much lies in the pipe.
func (o *output) waiting() (n uint32, err error) {
	ok, _, err := peekNamedPipe.Call(uintptr(o.handle), 0, 0, 0, uintptr(unsafe.Pointer(&n)), 0) //nolint:gosec // as the call takes it
	if ok == 0 {
		return 0, err
	}
	return n, nil
}

// peekNamedPipe is not in x/sys/windows.
var peekNamedPipe = windows.NewLazySystemDLL("kernel32.dll").NewProc("PeekNamedPipe")

// cut makes what lies in the pipe by now the end of the stream. A read that begins at the same moment is missed by the
// cancelling, so cut has to be called until the stream ends.
func (o *output) cut() {
	o.last.Store(true)
	_ = windows.CancelIoEx(o.handle, nil)
}

func (o *output) close() { _ = windows.CloseHandle(o.handle) }
