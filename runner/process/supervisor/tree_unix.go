//go:build unix

package supervisor

import (
	"errors"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// canTerminate reports whether there is a stage between asking and killing.
const canTerminate = true

// tree is the shell and its descendants.
type tree struct {
	shell  int
	exited chan exit     // the shell ended
	gone   chan struct{} // closed when nothing of the tree is left; after exited

	look func() []proc // finds the living processes of the tree

	mu        sync.Mutex
	signalled map[int]bool // processes that were sent a signal
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
		shell: pid, look: newLook(pid), signalled: map[int]bool{},
		exited: make(chan exit, 1), gone: make(chan struct{}),
	}
	go t.reap()
	t.watch()
	return t, nil
}

// reap reaps every child that ends, the shell and orphans alike.
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

// ask sends SIGINT, as Ctrl-C does.
func (t *tree) ask() int { return t.signal(syscall.SIGINT) }

// terminate sends SIGTERM, and then SIGCONT because a stopped process would not handle it.
func (t *tree) terminate() int {
	n := t.signal(syscall.SIGTERM)
	t.signal(syscall.SIGCONT)
	return n
}

// signal signals the shell's group at once and all processes outside it one by one, but none twice: terraform, for one,
// takes a second interrupt as an order to abort immediately.
func (t *tree) signal(sig syscall.Signal) int {
	members := t.look()
	group := false
	for _, m := range members {
		group = group || m.group == t.shell
	}
	if group { // otherwise the id may belong to another group by now
		_ = syscall.Kill(-t.shell, sig)
	}
	for _, m := range members {
		if m.group != t.shell {
			_ = syscall.Kill(m.pid, sig)
		}
	}
	return t.remember(members)
}

// kill freezes the tree and then kills it, so that no process has time to start others. It must be repeated until the tree
// is gone: it may miss a process that is just being started.
func (t *tree) kill() int {
	return t.remember(freezeAndKill(t.look))
}

// freezeRounds is how often freezing looks for new processes. A tree that grows faster is killed by the next call.
const freezeRounds = 16

func freezeAndKill(look func() []proc) (all []proc) {
	frozen := map[int]bool{}
	for range freezeRounds {
		grown := false
		for _, m := range look() {
			if !frozen[m.pid] {
				frozen[m.pid], grown = true, true
				_ = syscall.Kill(m.pid, syscall.SIGSTOP)
				all = append(all, m)
			}
		}
		if !grown {
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
		t.signalled[m.pid] = true
	}
	return len(members)
}

// ended returns the number of processes that were sent a signal.
func (t *tree) ended() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.signalled)
}

// members returns the living processes of the tree.
func (t *tree) members() []Process { return toProcesses(t.look()) }

// leave lets the rest of the tree outlive the supervisor, which needs nothing here.
func (t *tree) leave() {}

// proc is a living process of the tree.
type proc struct {
	pid, group int
	name       string
}

func toProcesses(procs []proc) []Process {
	var list []Process
	for _, p := range procs {
		list = append(list, Process{PID: p.pid, Name: p.name})
	}
	return list
}
