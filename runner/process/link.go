package process

import "os"

// link is the engine's side of a supervisor.
type link struct {
	process        child
	orders         *os.File // its end is the end of the tree: the life-line
	reports        *os.File
	stdout, stderr *output
}

// theirs are the ends that the supervisor gets. The engine closes its copies once it runs, or no stream would ever end.
type theirs struct {
	orders, reports, stdout, stderr *os.File
}

func (t theirs) close() {
	for _, f := range []*os.File{t.orders, t.reports, t.stdout, t.stderr} {
		if f != nil {
			_ = f.Close()
		}
	}
}

func openPipes() (l *link, t theirs, err error) {
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

// start starts a supervisor. It gets an environment of nearly nothing: what the script needs is in its orders.
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

// supervisorEnv is all that a supervisor is told by its environment: to start with few threads, which takes a tenth off
// its start, and to say nothing should it break, as its memory holds secrets.
func supervisorEnv() []string { return []string{"GOMAXPROCS=1", "GOTRACEBACK=none"} }

// kill ends a supervisor that does not answer.
func (l *link) kill() { l.process.kill() }

// stop waits for the supervisor to be gone. Its exit status tells nothing that its reports did not.
func (l *link) stop() {
	_ = l.orders.Close()
	l.process.wait()
	_ = l.reports.Close()
}
