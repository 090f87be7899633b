package supervisor

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// KillOrphans ends the tree of a supervisor that was killed. The engine is a subreaper, so the orphans are its children
// now, the one way or the other: they are told from the children that the engine has of its own by their session, and
// other supervisors by how they were started.
func KillOrphans(supervisor, _ int) (ended int, survivors []Process) {
	me := os.Getpid()
	mine, err := unix.Getsid(me)
	if err != nil {
		mine = -1
	}
	foreign := func(p entry) bool {
		return p.parent == me && (p.session == mine || p.pid == supervisor || isSupervisor(p.pid))
	}
	look := func() []proc { return below(processes(), me, foreign) }

	hit := map[int]bool{}
	over := time.Now().Add(forceFor)
	for {
		found := freezeAndKill(look)
		for _, p := range found {
			hit[p.pid] = true
		}
		reapOrphans(me, foreign)
		if len(found) == 0 {
			return len(hit), nil
		}
		if time.Now().After(over) {
			return len(hit) - len(found), public(found)
		}
		time.Sleep(5 * time.Millisecond) // between a signal and its effect nothing can be waited for but its effect
	}
}

func isSupervisor(pid int) bool {
	argv := readSmall("/proc/"+strconv.Itoa(pid)+"/cmdline", make([]byte, 4096))
	return bytes.HasSuffix(argv, []byte("\x00"+Arg+"\x00"))
}

// reapOrphans takes leave of the dead among them; their new parent has to.
func reapOrphans(me int, foreign func(entry) bool) {
	for _, p := range processes() {
		if p.zombie && p.parent == me && !foreign(p) {
			_, _ = syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
		}
	}
}
