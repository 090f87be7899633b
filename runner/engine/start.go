package engine

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Request describes what to run. Unlike the request to a runner, it names the project, which the engine reads from the store.
type Request struct {
	Project string
	model.RunOptions
	MasterKey model.Secret // of the vault, if it is open; empty: the engine opens the vault itself
	Exactly   int64        // id of a run to repeat with its stored inputs, project, environment and steps; 0: none
}

// arguments returns the command line, without secrets: other programs can read it, as they can the environment.
func (r Request) arguments() []string {
	args := []string{"run", "--events", secretsFlag}
	switch {
	case r.Exactly != 0:
		args = []string{"runs", "again", "--events", secretsFlag, "--exactly"}
	case r.Environment != "":
		args = append(args, "--environment="+r.Environment)
	}
	for _, c := range r.Confirm {
		args = append(args, "--confirm="+c)
	}
	if r.Timeout > 0 && r.Exactly == 0 {
		args = append(args, "--timeout="+r.Timeout.String())
	}
	if o := r.Rehearsal; o != nil && r.Exactly == 0 { // the repetition of a rehearsal is one by itself
		args = append(args, "--rehearse")
		if o.Policy != "" {
			args = append(args, "--rehearse-policy="+o.Policy)
		}
		for _, arn := range o.PolicyARNs {
			args = append(args, "--rehearse-policy-arn="+arn)
		}
	}
	if r.Exactly != 0 {
		return append(args, "--", strconv.FormatInt(r.Exactly, 10))
	}
	return append(append(args, "--", r.Project), r.Steps...)
}

// secrets returns what goes to the engine's standard input instead.
func (r Request) secrets() *Secrets {
	s := Secrets{MasterKey: []byte(r.MasterKey.Reveal())}
	for _, g := range r.Given {
		s.Given = append(s.Given, GivenRecord{g.Step, g.Name, []byte(g.Value.Reveal())})
	}
	return &s
}

// secretsFlag makes the command first wait for [Secrets].
const secretsFlag = "--secrets-stdin" //nolint:gosec // a name

// Run is a run that this process started. It goes on if this process ends.
type Run struct {
	ID int64

	engine  *Engine
	secrets *Secrets // nil once they are sent
	cmd     *exec.Cmd
	stderr  stderrTail
	mu      sync.Mutex // guards stdin
	stdin   io.WriteCloser
	started chan int64    // receives the run's id
	done    chan struct{} // closed when the engine has ended
	err     error         // set before done is closed
}

// killTimeout is longer than killing a script takes.
const killTimeout = 10 * time.Second

// Start starts a run and returns when it is in the store, or an error if the engine ended before that. onEvent is called for
// each event, one at a time, on another goroutine. It must return soon, since the run blocks while it doesn't. Cancelling
// ctx abandons the start; it has no effect on a run that has started. The engine gets the secrets of req once it has said that
// it is of this program's build; otherwise it is ended.
func (e *Engine) Start(ctx context.Context, req Request, onEvent func(Event)) (*Run, error) {
	r := &Run{
		engine: e, secrets: req.secrets(),
		started: make(chan int64, 1), done: make(chan struct{}),
	}
	r.cmd = exec.Command(e.path, req.arguments()...) //nolint:noctx // it outlives the caller
	r.cmd.Env = append([]string{}, e.environ...)     // never nil, which would be this process's environment
	r.cmd.Dir, r.cmd.SysProcAttr, r.cmd.Stderr = e.dir, detached(), &r.stderr
	stdout, err := r.launch()
	if err != nil {
		return nil, model.NewError("engine.start", "The command %s can't be started. Install Stepdeck again.", e.path).Because(err)
	}
	go r.follow(stdout, onEvent)
	select {
	case r.ID = <-r.started:
		return r, nil
	case <-r.done:
		return r.ended()
	case <-ctx.Done():
		r.abandon()
		return nil, context.Cause(ctx)
	}
}

func (r *Run) launch() (stdout io.Reader, err error) {
	if stdout, err = r.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if r.stdin, err = r.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return stdout, r.cmd.Start()
}

// follow reads events until the engine has ended.
func (r *Run) follow(stdout io.Reader, onEvent func(Event)) {
	finished := r.readEvents(stdout, onEvent)
	if err := r.cmd.Wait(); !finished && r.err == nil {
		r.err = r.stderr.errorOr(err)
	}
	close(r.done)
}

// ended returns the result of Start for an engine that has ended: the run, if it is just over already, or why it didn't start.
func (r *Run) ended() (*Run, error) {
	select {
	case r.ID = <-r.started:
		return r, nil
	default:
	}
	switch {
	case r.err == nil:
		r.err = errors.New("it ended without a message")
	case model.ErrorCode(r.err) != "": // this program's own refusal
		return nil, r.err
	}
	return nil, model.NewError("engine.refused", "%s", r.err)
}

// abandon ends an engine after a cancelled start.
func (r *Run) abandon() {
	go func() { _ = r.Kill() }() // blocks if the engine doesn't read
	select {
	case <-r.done:
	case <-time.After(killTimeout): // it hangs where it reads no commands, such as in the keychain
		_ = r.cmd.Process.Kill()
		<-r.done
	}
}

// readEvents passes on events until their end, and reports whether RunFinished was among them. An engine of another build is ended.
func (r *Run) readEvents(stdout io.Reader, onEvent func(Event)) (finished bool) {
	events := NewDecoder(stdout)
	for {
		ev, err := events.Decode()
		if err != nil {
			break
		}
		switch ev := ev.(type) {
		case Ready:
			if r.err = r.engine.accepts(ev.Build); r.err != nil {
				_ = r.cmd.Process.Kill() // it has run nothing yet; on failure it has ended by itself
				return false
			}
			r.handOver()
			continue
		case RunStarted:
			select {
			case r.started <- ev.ID:
			default: // sent twice
			}
		case RunFinished:
			finished = true
		}
		onEvent(ev)
	}
	// Output that is not an event is discarded: if it were not read, the engine would block.
	_, _ = io.Copy(io.Discard, stdout)
	return finished
}

// handOver sends the secrets to an engine that is ready for them, once.
func (r *Run) handOver() {
	if r.secrets != nil {
		r.sendSecrets(*r.secrets)
		r.secrets = nil
	}
}

// Stop stops the run, giving its scripts time to end.
func (r *Run) Stop() error { return r.send(Stop{}) }

// Kill kills the run's scripts at once.
func (r *Run) Kill() error { return r.send(Kill{}) }

func (r *Run) send(c Command) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return NewEncoder(r.stdin).Encode(c)
}

// sendSecrets sends the first command without waiting for the engine to read it. It ignores errors: they mean that the
// engine is gone, which follow notices.
func (r *Run) sendSecrets(s Secrets) {
	r.mu.Lock()
	go func() {
		defer r.mu.Unlock()
		_ = NewEncoder(r.stdin).Encode(s)
	}()
}

// Done returns a channel that is closed when the engine has ended.
func (r *Run) Done() <-chan struct{} { return r.done }

// Err returns, once Done is closed, why the engine ended without a result; nil if it sent one.
func (r *Run) Err() error {
	select {
	case <-r.done:
		return r.err
	default:
		return nil
	}
}
