package process

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// launch starts the supervisor in its own console, without a window. The shell shares that console, since Ctrl-Break is
// sent through it; the engine doesn't, so Ctrl-Break doesn't reach it.
func launch(_ Supervisor, path string, _ *os.File, t childEnds) (child, error) {
	reports, err := inheritable(t.reports)
	if err != nil {
		return child{}, err
	}
	defer windows.CloseHandle(reports) //nolint:errcheck // our copy
	p, err := os.StartProcess(path, []string{filepath.Base(path), supervisor.Arg}, &os.ProcAttr{
		Dir: filepath.Dir(path), // not the work folder, which must be removable
		Env: append(supervisorEnv(),
			"SYSTEMROOT="+os.Getenv("SYSTEMROOT"), // the system's own libraries need it
			supervisor.ReportsVariable+"="+strconv.FormatUint(uint64(reports), 10),
		),
		Files: []*os.File{t.orders, t.stdout, t.stderr},
		Sys: &syscall.SysProcAttr{
			CreationFlags:              windows.CREATE_NO_WINDOW,
			AdditionalInheritedHandles: []syscall.Handle{syscall.Handle(reports)},
		},
	})
	return child{p}, err
}

// child is a supervisor.
type child struct{ process *os.Process }

func (c child) id() int { return c.process.Pid }

func (c child) kill() { _ = c.process.Kill() }

func (c child) wait() { _, _ = c.process.Wait() }

func inheritable(f *os.File) (windows.Handle, error) {
	self := windows.CurrentProcess()
	var h windows.Handle
	err := windows.DuplicateHandle(self, windows.Handle(f.Fd()), self, &h, 0, true, windows.DUPLICATE_SAME_ACCESS)
	return h, os.NewSyscallError("DuplicateHandle", err)
}
