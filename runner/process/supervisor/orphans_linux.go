package supervisor

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// KillOrphans kills the tree of a supervisor that was killed, and returns how many processes ended and which didn't. The
// engine is a subreaper, so the orphans are its descendants now. It tells them from its own children by their session,
// from other supervisors by their command line, and leaves alone those that are spared, with their descendants.
func KillOrphans(supervisor, _ int, spared []int) (ended int, survivors []Process) {
	self := os.Getpid()
	session, err := unix.Getsid(self)
	if err != nil {
		session = -1
	}
	foreign := func(p entry) bool {
		return p.parent == self && (p.session == session || p.pid == supervisor ||
			slices.Contains(spared, p.pid) || isSupervisor(p.pid))
	}
	look := func() []proc { return below(processes(), self, foreign) }

	return killAll(look, func() { reapOrphans(self, foreign) })
}

// killAll kills what look finds until it finds nothing, and calls reap after each time.
func killAll(look func() []proc, reap func()) (ended int, survivors []Process) {
	signalled := map[int]bool{}
	deadline := time.Now().Add(forceFor)
	for {
		found := freezeAndKill(look)
		for _, p := range found {
			signalled[p.pid] = true
		}
		reap()
		if len(found) == 0 {
			return len(signalled), nil
		}
		if time.Now().After(deadline) {
			return len(signalled) - len(found), toProcesses(found)
		}
		time.Sleep(5 * time.Millisecond) // nothing announces that a signal has taken effect
	}
}

func isSupervisor(pid int) bool {
	argv := readSmall("/proc/"+strconv.Itoa(pid)+"/cmdline", make([]byte, 4096))
	return bytes.HasSuffix(argv, []byte("\x00"+Arg+"\x00"))
}

// reapOrphans reaps those that are dead, which is the job of their new parent.
func reapOrphans(self int, foreign func(entry) bool) {
	for _, p := range processes() {
		if p.zombie && p.parent == self && !foreign(p) {
			_, _ = syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
		}
	}
}
