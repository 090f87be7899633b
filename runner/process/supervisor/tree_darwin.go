package supervisor

import (
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// memory is the processes that were once seen in the tree, each with its start time, since the system reuses process ids.
// It is needed because macOS makes orphans children of launchd.
type memory map[int]unix.Timeval

const (
	watchEvery = 500 * time.Millisecond // reading the process table takes about a millisecond
	emptyEvery = 20 * time.Millisecond
)

func becomeReaper() error { return nil }

// BecomeSubreaper does nothing: macOS has no subreapers.
func BecomeSubreaper() {}

func shellAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// watch updates the memory until the tree is gone.
func (t *tree) watch() {
	go func() {
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for {
			select {
			case <-t.gone:
				return
			case <-tick.C:
				t.look()
			}
		}
	}()
}

// childless is called when no child is left. The tree is gone once none of its other processes is seen either.
func (t *tree) childless() {
	for len(t.look()) > 0 {
		time.Sleep(emptyEvery) // nothing announces the end of a process that is not a child
	}
	close(t.gone)
}

// newLook returns a function that finds the processes in the supervisor's session or the shell's group, their descendants,
// and those that were once seen as such.
func newLook(shell int) func() []proc {
	var mu sync.Mutex
	seen := memory{}
	self := os.Getpid()
	return func() []proc {
		table, err := unix.SysctlKinfoProcSlice("kern.proc.all")
		if err != nil {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		var found []proc
		found, seen = pick(table, self, func(k *unix.KinfoProc, members map[int]bool) bool {
			pid, parent := int(k.Proc.P_pid), int(k.Eproc.Ppid)
			if start, ok := seen[pid]; ok && start == k.Proc.P_starttime {
				return true
			}
			return parent == self || members[parent] || int(k.Eproc.Pgid) == shell || sessionOf(pid) == self
		})
		return found
	}
}

// sessionOf returns the session of a process, or 0 if it has ended.
func sessionOf(pid int) int {
	session, err := unix.Getsid(pid)
	if err != nil {
		return 0
	}
	return session
}

// pick returns the members in the table. It repeats until it finds no more, because a child can come before its parent.
func pick(table []unix.KinfoProc, except int, isMember func(*unix.KinfoProc, map[int]bool) bool) ([]proc, memory) {
	var found []proc
	members, seen := map[int]bool{}, memory{}
	for again := true; again; {
		again = false
		for i := range table {
			k := &table[i]
			pid := int(k.Proc.P_pid)
			if pid == except || pid <= 1 || members[pid] || k.Proc.P_stat == stateZombie || !isMember(k, members) {
				continue
			}
			members[pid], again = true, true
			seen[pid] = k.Proc.P_starttime
			found = append(found, proc{
				pid: pid, group: int(k.Eproc.Pgid), name: unix.ByteSliceToString(k.Proc.P_comm[:]),
			})
		}
	}
	return found, seen
}

const stateZombie = 5 // SZOMB of <sys/proc.h>

// KillOrphans kills what can be found of the tree of a supervisor that was killed: its session and the shell's group. It
// returns how many processes ended and which didn't.
func KillOrphans(supervisor, shell int, _ []int) (ended int, survivors []Process) {
	self := os.Getpid()
	look := func() []proc {
		table, err := unix.SysctlKinfoProcSlice("kern.proc.all")
		if err != nil {
			return nil
		}
		found, _ := pick(table, self, func(k *unix.KinfoProc, members map[int]bool) bool {
			return members[int(k.Eproc.Ppid)] || shell > 0 && int(k.Eproc.Pgid) == shell || sessionOf(int(k.Proc.P_pid)) == supervisor
		})
		return found
	}
	signalled := map[int]bool{}
	deadline := time.Now().Add(forceFor)
	for {
		found := freezeAndKill(look)
		for _, p := range found {
			signalled[p.pid] = true
		}
		if len(found) == 0 {
			return len(signalled), nil
		}
		if time.Now().After(deadline) {
			return len(signalled) - len(found), toProcesses(found)
		}
		time.Sleep(5 * time.Millisecond) // nothing announces that a signal has taken effect
	}
}
