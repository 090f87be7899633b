//go:build unix

package supervisor

import (
	"errors"
	"os"
	"syscall"
)

// The file descriptors of a supervisor, in the order in which the engine passes them. 0 to 2 are the null device.
const (
	fdOrders = iota + 3
	fdReports
	fdStdout
	fdStderr
)

// ends are the supervisor's ends of the pipes.
type ends struct {
	orders, reports *os.File
	stdout, stderr  int
}

func openEnds() (*ends, error) {
	var st syscall.Stat_t
	for fd := fdOrders; fd <= fdStderr; fd++ {
		if err := syscall.Fstat(fd, &st); err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFIFO {
			return nil, errors.New("process: not started as a supervisor")
		}
	}
	closeOnExecFrom(fdOrders)
	return &ends{
		orders:  os.NewFile(fdOrders, "orders"),
		reports: os.NewFile(fdReports, "reports"),
		stdout:  fdStdout,
		stderr:  fdStderr,
	}, nil
}

func (e *ends) closeOutput() {
	_ = syscall.Close(e.stdout)
	_ = syscall.Close(e.stderr)
}

// caught are the signals that would end or stop a Go program, or that it ignores if its parent did, as under nohup or as a
// background job of a shell. Go catches all others by itself.
var caught = []os.Signal{
	syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU,
}
