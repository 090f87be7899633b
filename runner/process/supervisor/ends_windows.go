package supervisor

import (
	"errors"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

// ReportsVariable names the handle of the reports in a supervisor's environment. The supervisor's standard handles are its orders and the two streams; the handle of its reports has no place of its
// own and goes by this variable. It is a number, no secret.
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
	if Kind, err := windows.GetFileType(reports); err != nil || Kind != windows.FILE_TYPE_PIPE {
		return nil, errors.New("process: not started as a supervisor")
	}
	// Go hands on only the handles that it is told to; this is for anybody who does not.
	//nolint:forbidigo // the supervisor has no door: these are its pipes
	for _, h := range []windows.Handle{reports, windows.Handle(os.Stdin.Fd()), windows.Handle(os.Stdout.Fd()), windows.Handle(os.Stderr.Fd())} {
		if err := windows.SetHandleInformation(h, windows.HANDLE_FLAG_INHERIT, 0); err != nil {
			return nil, os.NewSyscallError("SetHandleInformation", err)
		}
	}
	//nolint:forbidigo // the supervisor has no door: these are its pipes
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

// caught are what a closing console or a Ctrl-Break would end a Go program with.
var caught = []os.Signal{os.Interrupt, syscall.SIGTERM}
