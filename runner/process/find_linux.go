package process

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// hold opens a program, so that a run uses the same version to its end even if the file is replaced. It returns nil if
// that fails.
func hold(path string) *os.File {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	return os.NewFile(uintptr(fd), path)
}

// selfExe is the running program, even if its file has been replaced.
const selfExe = "/proc/self/exe"

// startable returns a path to start the supervisor by, and the files that the child must inherit for it; the first of
// these gets the descriptor next.
func (s Supervisor) startable(path string, next int) (string, []*os.File) {
	if _, err := os.Stat(selfExe); err != nil {
		return path, nil // no /proc
	}
	switch {
	case s.Program == "":
		return selfExe, nil
	case s.held != nil:
		return "/proc/self/fd/" + strconv.Itoa(next), []*os.File{s.held}
	}
	return path, nil
}
