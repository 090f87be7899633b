package supervisor

import (
	"bytes"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// becomeReaper makes this process the new parent of every orphan among its descendants.
func becomeReaper() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// BecomeSubreaper does this for the engine, so that it inherits the tree of a supervisor that was killed. If it fails
// (Linux before 3.4), that tree is not found.
func BecomeSubreaper() { _ = becomeReaper() }

// shellAttr gives the shell its own group for signals, and kills it when the supervisor's main thread ends. The latter
// matters only if engine and supervisor are killed at the same moment.
func shellAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// watch does nothing: the kernel makes every orphan a child of the supervisor, so none has to be remembered.
func (t *tree) watch() {}

// childless is called when no child is left. Since every orphan is a child, the tree is gone.
func (t *tree) childless() { close(t.gone) }

func newLook(int) func() []proc {
	self := os.Getpid()
	return func() []proc { return below(processes(), self, nil) }
}

// entry is a process as /proc shows it.
type entry struct {
	proc
	parent, session int
	zombie          bool
}

// below returns the living descendants of root, without those for which skip (may be nil) is true and their descendants.
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

// processes reads /proc. A process that can't be read has ended meanwhile or is hidden.
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

// parseStat parses /proc/PID/stat: "PID (name) state parent group session ...". The name may contain blanks and brackets.
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
