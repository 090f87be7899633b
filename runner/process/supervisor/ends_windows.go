package supervisor

import (
	"errors"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

// ReportsVariable is the variable in a supervisor's environment with the handle of the pipe for reports, since the three
// standard handles are the orders and the two streams. The handle is a number, not a secret.
const ReportsVariable = "STEPDECK_REPORTS"

// ends are the supervisor's ends of the pipes.
type ends struct {
	orders, reports *os.File
	stdout, stderr  *os.File
}

func openEnds() (*ends, error) {
	n, err := strconv.ParseUint(os.Getenv(ReportsVariable), 10, 64)
	if err != nil {
		return nil, errors.New("process: not started as a supervisor")
	}
	reports := windows.Handle(n)
	if kind, err := windows.GetFileType(reports); err != nil || kind != windows.FILE_TYPE_PIPE {
		return nil, errors.New("process: not started as a supervisor")
	}
	// Go passes on only the handles that it is asked to; this is for programs that pass on all of them.
	//nolint:forbidigo // these are the supervisor's pipes
	files := []*os.File{os.Stdin, os.Stdout, os.Stderr}
	handles := []windows.Handle{reports}
	for _, f := range files {
		handles = append(handles, windows.Handle(f.Fd()))
	}
	for _, h := range handles {
		if err := windows.SetHandleInformation(h, windows.HANDLE_FLAG_INHERIT, 0); err != nil {
			return nil, os.NewSyscallError("SetHandleInformation", err)
		}
	}
	//nolint:forbidigo // these are the supervisor's pipes
	return &ends{
		orders:  os.Stdin,
		reports: os.NewFile(uintptr(reports), "reports"),
		stdout:  os.Stdout,
		stderr:  os.Stderr,
	}, nil
}

func (e *ends) closeOutput() {
	_ = e.stdout.Close()
	_ = e.stderr.Close()
}

// caught are the signals by which a closing console or Ctrl-Break would end a Go program.
var caught = []os.Signal{os.Interrupt, syscall.SIGTERM}
