package process

import "os"

// link is the engine's connection to a supervisor.
type link struct {
	process        child
	orders         *os.File // closing it ends the tree
	reports        *os.File
	stdout, stderr *output
}

// childEnds are the ends of the pipes that the supervisor inherits. The engine closes its copies once the supervisor has
// started; otherwise no stream would ever end.
type childEnds struct {
	orders, reports, stdout, stderr *os.File
}

func (t childEnds) close() {
	for _, f := range []*os.File{t.orders, t.reports, t.stdout, t.stderr} {
		if f != nil {
			_ = f.Close()
		}
	}
}

func openPipes() (l *link, t childEnds, err error) {
	l = &link{}
	defer func() {
		if err != nil {
			l.close()
			t.close()
		}
	}()
	if t.orders, l.orders, err = os.Pipe(); err != nil {
		return l, t, err
	}
	if l.reports, t.reports, err = os.Pipe(); err != nil {
		return l, t, err
	}
	if l.stdout, t.stdout, err = newOutput(); err != nil {
		return l, t, err
	}
	l.stderr, t.stderr, err = newOutput()
	return l, t, err
}

func (l *link) close() {
	for _, f := range []*os.File{l.orders, l.reports} {
		if f != nil {
			_ = f.Close()
		}
	}
	for _, o := range []*output{l.stdout, l.stderr} {
		if o != nil {
			o.close()
		}
	}
}

// start starts a supervisor, with a nearly empty environment: what the script needs is in the orders.
func (s Supervisor) start() (*link, error) {
	path := s.Program
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	l, t, err := openPipes()
	if err != nil {
		return nil, err
	}
	defer t.close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		l.close()
		return nil, err
	}
	defer null.Close() //nolint:errcheck // nothing was written
	if l.process, err = launch(s, path, null, t); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// supervisorEnv returns the environment of a supervisor: few threads, which makes it start a tenth faster, and no stack
// trace if it crashes, because its memory contains secrets.
func supervisorEnv() []string { return []string{"GOMAXPROCS=1", "GOTRACEBACK=none"} }

// kill kills a supervisor that doesn't respond.
func (l *link) kill() { l.process.kill() }

// stop waits for the supervisor to exit. Its exit status adds nothing to its reports.
func (l *link) stop() {
	_ = l.orders.Close()
	l.process.wait()
	_ = l.reports.Close()
}
