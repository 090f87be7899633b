package supervisor

import (
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// macOS gives orphans to launchd, so the tree has to be remembered while it can be seen: memory holds who was once seen as a part of the tree, with the time of its start: a number alone may be somebody
// else's later.
type memory map[int]unix.Timeval

const (
	watchEvery = 500 * time.Millisecond // reading the process table takes about a millisecond
	emptyEvery = 20 * time.Millisecond
)

func becomeReaper() error { return nil }

func BecomeSubreaper() {}

func shellAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// watch keeps up with a growing tree until it is gone.
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

// childless: the shell has ended; the tree is gone when nobody else of it is seen either.
func (t *tree) childless() {
	for len(t.look()) > 0 {
		time.Sleep(emptyEvery) // no event tells of the end of a process that is not our child
	}
	close(t.gone)
}

// newLook finds who is in the supervisor's session or in the shell's group, descends from one of the tree, or was once
// seen to.
func newLook(shell int) func() []proc {
	var mu sync.Mutex
	seen := memory{}
	me := os.Getpid()
	return func() []proc {
		table, err := unix.SysctlKinfoProcSlice("kern.proc.all")
		if err != nil {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		var found []proc
		found, seen = pick(table, me, func(k *unix.KinfoProc, members map[int]bool) bool {
			pid, parent := int(k.Proc.P_pid), int(k.Eproc.Ppid)
			if start, ok := seen[pid]; ok && start == k.Proc.P_starttime {
				return true
			}
			return parent == me || members[parent] || int(k.Eproc.Pgid) == shell || sessionOf(pid) == me
		})
		return found
	}
}

// sessionOf gives 0 for a process that has ended.
func sessionOf(pid int) int {
	session, err := unix.Getsid(pid)
	if err != nil {
		return 0
	}
	return session
}

// pick goes over the table until nobody new is found, because a child can stand before its parent.
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

// KillOrphans ends what can be found of the tree of a supervisor that was killed: its session and the shell's group.
func KillOrphans(supervisor, shell int) (ended int, survivors []Process) {
	me := os.Getpid()
	look := func() []proc {
		table, err := unix.SysctlKinfoProcSlice("kern.proc.all")
		if err != nil {
			return nil
		}
		found, _ := pick(table, me, func(k *unix.KinfoProc, members map[int]bool) bool {
			return members[int(k.Eproc.Ppid)] || shell > 0 && int(k.Eproc.Pgid) == shell || sessionOf(int(k.Proc.P_pid)) == supervisor
		})
		return found
	}
	hit := map[int]bool{}
	over := time.Now().Add(forceFor)
	for {
		found := freezeAndKill(look)
		for _, p := range found {
			hit[p.pid] = true
		}
		if len(found) == 0 {
			return len(hit), nil
		}
		if time.Now().After(over) {
			return len(hit) - len(found), public(found)
		}
		time.Sleep(5 * time.Millisecond) // between a signal and its effect nothing can be waited for but its effect
	}
}
