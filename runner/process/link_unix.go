//go:build unix

package process

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// launch gives the supervisor a session of its own: there is no terminal in it, so that Ctrl-C reaches the engine alone
// and the script can't ask on the terminal.
func launch(s Supervisor, path string, null *os.File, t theirs) (child, error) {
	supervisor.BecomeSubreaper()
	files := []*os.File{null, null, null, t.orders, t.reports, t.stdout, t.stderr}
	program, more := s.startable(path, len(files))
	files = append(files, more...)
	fds := make([]uintptr, len(files))
	for i, f := range files {
		fds[i] = f.Fd()
	}
	pid, err := syscall.ForkExec(program, []string{filepath.Base(path), supervisor.Arg}, &syscall.ProcAttr{
		Dir:   "/", // not the work folder, which must be removable
		Env:   supervisorEnv(),
		Files: fds,
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	runtime.KeepAlive(files)
	if err != nil {
		return 0, &os.PathError{Op: "start", Path: path, Err: err}
	}
	return child(pid), nil
}

// child is a supervisor by its process id, which is nobody else's before wait has returned. An os.Process would first
// start another child to learn whether the kernel knows of better names for processes.
type child int

func (c child) id() int { return int(c) }

// kill must not be called once wait is.
func (c child) kill() { _ = syscall.Kill(int(c), syscall.SIGKILL) }

func (c child) wait() {
	for {
		if _, err := syscall.Wait4(int(c), nil, 0, nil); !errors.Is(err, syscall.EINTR) {
			return
		}
	}
}
