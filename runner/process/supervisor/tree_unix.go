//go:build unix

package supervisor

import (
	"errors"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// canTell says that there is a stage between asking and force.
const canTell = true

// tree is the shell and all that came of it.
type tree struct {
	shell  int
	exited chan exit     // the shell ended
	gone   chan struct{} // closed when nothing of the tree is left; after exited

	look func() []proc // finds the living processes of the tree

	mu  sync.Mutex
	hit map[int]bool // whom a signal went to
}

func startTree(j Job, e *ends) (*tree, error) {
	null, err := syscall.Open(os.DevNull, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(null) //nolint:errcheck // nothing was written
	if err := becomeReaper(); err != nil {
		return nil, err
	}
	pid, err := syscall.ForkExec(j.Path, append([]string{j.Path}, j.Args...), &syscall.ProcAttr{
		Dir:   j.Dir,
		Env:   j.Env,
		Files: []uintptr{uintptr(null), uintptr(e.stdout), uintptr(e.stderr)},
		Sys:   shellAttr(),
	})
	if err != nil {
		return nil, err
	}
	t := &tree{
		shell: pid, look: newLook(pid), hit: map[int]bool{},
		exited: make(chan exit, 1), gone: make(chan struct{}),
	}
	go t.reap()
	t.watch()
	return t, nil
}

// reap takes leave of every child that ends, the shell and the orphans alike.
func (t *tree) reap() {
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil: // ECHILD: no child is left
			t.childless()
			return
		case pid == t.shell:
			e := exit{code: ws.ExitStatus()}
			if ws.Signaled() {
				e = exit{code: -1, signal: unix.SignalName(ws.Signal())}
			}
			t.exited <- e
		}
	}
}

// ask sends what Ctrl-C sends.
func (t *tree) ask() int { return t.signal(syscall.SIGINT) }

// tell sends SIGTERM, and SIGCONT because a stopped process would never hear it.
func (t *tree) tell() int {
	n := t.signal(syscall.SIGTERM)
	t.signal(syscall.SIGCONT)
	return n
}

// signal reaches the shell's group in one go and everybody outside it one by one, nobody twice: to terraform, for one,
// a second interrupt means to drop everything.
func (t *tree) signal(sig syscall.Signal) int {
	members := t.look()
	group := false
	for _, m := range members {
		group = group || m.group == t.shell
	}
	if group { // else the number may be somebody else's by now
		_ = syscall.Kill(-t.shell, sig)
	}
	for _, m := range members {
		if m.group != t.shell {
			_ = syscall.Kill(m.pid, sig)
		}
	}
	return t.remember(members)
}

// kill freezes the tree and then kills it, so that nobody has time to start others. It must be repeated until gone: a
// process that was being started while we looked is found the next time.
func (t *tree) kill() int {
	return t.remember(freezeAndKill(t.look))
}

// freezeRounds is how often the freezing looks for newcomers. A tree that breeds faster than that is met again.
const freezeRounds = 16

func freezeAndKill(look func() []proc) (all []proc) {
	frozen := map[int]bool{}
	for range freezeRounds {
		news := false
		for _, m := range look() {
			if !frozen[m.pid] {
				frozen[m.pid], news = true, true
				_ = syscall.Kill(m.pid, syscall.SIGSTOP)
				all = append(all, m)
			}
		}
		if !news {
			break
		}
	}
	for _, m := range all {
		_ = syscall.Kill(m.pid, syscall.SIGKILL)
	}
	return all
}

func (t *tree) remember(members []proc) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range members {
		t.hit[m.pid] = true
	}
	return len(members)
}

// ended counts whom signals went to.
func (t *tree) ended() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.hit)
}

// members are the living processes of the tree.
func (t *tree) members() []Process { return public(t.look()) }

// leave is called before the supervisor goes and the rest of the tree stays.
func (t *tree) leave() {}

// proc is a living process of the tree.
type proc struct {
	pid, group int
	name       string
}

func public(procs []proc) []Process {
	var list []Process
	for _, p := range procs {
		list = append(list, Process{PID: p.pid, Name: p.name})
	}
	return list
}
