package supervisor

import (
	"bytes"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// becomeReaper makes this process the new parent of every orphan below it.
func becomeReaper() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// BecomeSubreaper does it for the engine, which inherits a tree whose supervisor was killed. Without it (Linux before
// 3.4) only that case is worse off.
func BecomeSubreaper() { _ = becomeReaper() }

// shellAttr: a group of its own for signals, and the end of the supervisor's main thread ends the shell, which matters
// only if engine and supervisor are killed in the same moment.
func shellAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// watch has nothing to do: the kernel gives every orphan to the supervisor, nobody has to be remembered.
func (t *tree) watch() {}

// childless: as every orphan is our child, no child means no tree.
func (t *tree) childless() { close(t.gone) }

func newLook(int) func() []proc {
	me := os.Getpid()
	return func() []proc { return below(processes(), me, nil) }
}

// entry is a process as /proc shows it.
type entry struct {
	proc
	parent, session int
	zombie          bool
}

// below gives the living descendants of root for whom skip (nil: nobody) does not hold; the descendants of one that is
// skipped are not looked at.
func below(all []entry, root int, skip func(entry) bool) []proc {
	children := make(map[int][]entry, len(all))
	for _, p := range all {
		children[p.parent] = append(children[p.parent], p)
	}
	var found []proc
	queue := []int{root}
	for len(queue) > 0 {
		next := children[queue[0]]
		queue = queue[1:]
		for _, p := range next {
			if skip != nil && skip(p) {
				continue
			}
			queue = append(queue, p.pid)
			if !p.zombie {
				found = append(found, p.proc)
			}
		}
	}
	return found
}

// processes reads /proc. What can't be read has ended meanwhile or is hidden.
func processes() []entry {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close() //nolint:errcheck // only read
	names, _ := dir.Readdirnames(-1)
	list := make([]entry, 0, len(names))
	buf := make([]byte, 1024)
	for _, name := range names {
		if name[0] < '0' || name[0] > '9' {
			continue
		}
		if p, ok := parseStat(readSmall("/proc/"+name+"/stat", buf)); ok {
			list = append(list, p)
		}
	}
	return list
}

func readSmall(path string, buf []byte) []byte {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer syscall.Close(fd) //nolint:errcheck // only read
	n, err := syscall.Read(fd, buf)
	if err != nil {
		return nil
	}
	return buf[:n]
}

// parseStat reads /proc/PID/stat: "PID (name) state parent group session ...". The name may hold blanks and brackets.
// Source: proc(5).
func parseStat(b []byte) (entry, bool) {
	open, shut := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if open < 1 || shut < open {
		return entry{}, false
	}
	rest := bytes.Fields(b[shut+1:])
	if len(rest) < 4 || len(rest[0]) != 1 {
		return entry{}, false
	}
	p := entry{proc: proc{name: string(b[open+1 : shut])}, zombie: rest[0][0] == 'Z' || rest[0][0] == 'X'}
	for _, f := range []struct {
		text []byte
		into *int
	}{{bytes.TrimSpace(b[:open]), &p.pid}, {rest[1], &p.parent}, {rest[2], &p.group}, {rest[3], &p.session}} {
		n, err := strconv.Atoi(string(f.text))
		if err != nil {
			return entry{}, false
		}
		*f.into = n
	}
	return p, true
}
