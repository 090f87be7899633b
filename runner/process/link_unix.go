//go:build unix

package process

import (
	"os"
	"path/filepath"
	"syscall"
)

// The file descriptors of a supervisor after the three usual ones, which are the null device.
const (
	fdOrders = iota + 3
	fdReports
	fdStdout
	fdStderr
)

// launch gives the supervisor a session of its own: there is no terminal in it, so that Ctrl-C reaches the engine alone
// and the script can't ask on the terminal.
func launch(self, name string, null *os.File, t theirs) (*os.Process, error) {
	becomeSubreaper()
	return os.StartProcess(self, []string{filepath.Base(name), SuperviseArg}, &os.ProcAttr{
		Dir:   "/", // not the work folder, which must be removable
		Env:   supervisorEnv(),
		Files: []*os.File{null, null, null, t.orders, t.reports, t.stdout, t.stderr},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
}
