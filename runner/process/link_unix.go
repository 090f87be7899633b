//go:build unix

package process

import (
	"os"
	"path/filepath"
	"syscall"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// launch gives the supervisor a session of its own: there is no terminal in it, so that Ctrl-C reaches the engine alone
// and the script can't ask on the terminal.
func launch(s Supervisor, path string, null *os.File, t theirs) (*os.Process, error) {
	supervisor.BecomeSubreaper()
	files := []*os.File{null, null, null, t.orders, t.reports, t.stdout, t.stderr}
	program, more := s.startable(path, len(files))
	return os.StartProcess(program, []string{filepath.Base(path), supervisor.Arg}, &os.ProcAttr{
		Dir:   "/", // not the work folder, which must be removable
		Env:   supervisorEnv(),
		Files: append(files, more...),
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
}
