package process

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// hold keeps a program at hand even if another version is put in its place later: a run ends with the one that it began
// with. nil where that can't be done.
func hold(path string) *os.File {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	return os.NewFile(uintptr(fd), path)
}

// running is the program that runs now even if another version was put in its place meanwhile.
const running = "/proc/self/exe"

// startable gives the path of a supervisor and the files that go with it, where the first has the number next.
func (s Supervisor) startable(path string, next int) (string, []*os.File) {
	if _, err := os.Stat(running); err != nil {
		return path, nil // no /proc
	}
	switch {
	case s.Program == "":
		return running, nil
	case s.held != nil:
		return "/proc/self/fd/" + strconv.Itoa(next), []*os.File{s.held}
	}
	return path, nil
}
