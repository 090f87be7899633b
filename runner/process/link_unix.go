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

// launch starts the supervisor in its own session, which has no terminal: Ctrl-C reaches only the engine, and the script
// can't prompt on the terminal.
func launch(s Supervisor, path string, null *os.File, t childEnds) (child, error) {
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

// child is a supervisor's process id, which the system can't reuse before wait has returned. os.Process is not used
// because it starts another child first, to find out whether the kernel supports pidfds.
type child int

func (c child) id() int { return int(c) }

// kill must not be called after wait.
func (c child) kill() { _ = syscall.Kill(int(c), syscall.SIGKILL) }

func (c child) wait() {
	for {
		if _, err := syscall.Wait4(int(c), nil, 0, nil); !errors.Is(err, syscall.EINTR) {
			return
		}
	}
}
