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

// Request says what to run.
type Request struct {
	Project     string
	Environment string
	Steps       []string // none: every enabled step
	Given       []Given
	Confirm     []string // ids or labels of protected AWS accounts, as the person typed them
	Timeout     time.Duration
	MasterKey   []byte // of the vault, where it is open already; nil: the engine opens it itself
	Exactly     int64  // a run whose kept inputs run once more: project, environment and steps are then its own; 0: none
}

// arguments gives the command line. Other programs can read those, and environments too: what may be secret goes by standard
// input.
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
	if r.Exactly != 0 {
		return append(args, "--", strconv.FormatInt(r.Exactly, 10))
	}
	return append(append(args, "--", r.Project), r.Steps...)
}

// secretsFlag makes the command wait for Secrets before anything else.
const secretsFlag = "--secrets-stdin" //nolint:gosec // a name

// Run is a run that this process started. It goes on whatever becomes of this process.
type Run struct {
	ID int64

	cmd   *exec.Cmd
	said  tail       // the end of its error output
	mu    sync.Mutex // of stdin
	stdin io.WriteCloser
	begun chan int64
	done  chan struct{}
	err   error // once done is closed
}

// obeysWithin is longer than the end of a stubborn script takes.
const obeysWithin = 10 * time.Second

// Start starts a run and returns when it is in the store, or why there is none. Heard is called for each event, one at a
// time, on a goroutine of its own; it must return soon, as the run waits for whoever does not read. Ending ctx gives up a
// start that takes too long; a run that has begun does not hear of it.
func (e *Engine) Start(ctx context.Context, req Request, heard func(Event)) (*Run, error) {
	r := &Run{begun: make(chan int64, 1), done: make(chan struct{})}
	r.cmd = exec.Command(e.path, req.arguments()...) //nolint:noctx // it outlives the caller
	r.cmd.Env = append([]string{}, e.environ...)     // of its own, also where that is empty
	r.cmd.Dir, r.cmd.SysProcAttr, r.cmd.Stderr = e.dir, detached(), &r.said
	stdout, err := r.launch()
	if err != nil {
		return nil, model.NewError("engine.start", "The command %s can't be started. Install Stepdeck again.", e.path).Because(err)
	}
	r.hand(Secrets{MasterKey: req.MasterKey, Given: req.Given})
	go r.follow(stdout, heard)
	select {
	case r.ID = <-r.begun:
		return r, nil
	case <-r.done:
		return r.ended()
	case <-ctx.Done():
		r.giveUp()
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

// follow hears the engine to its end.
func (r *Run) follow(stdout io.Reader, heard func(Event)) {
	told := r.hear(stdout, heard)
	err := r.cmd.Wait()
	if !told {
		r.err = r.said.or(err)
	}
	close(r.done)
}

// ended tells what came of an engine that is gone: a run all the same, where that was over at once, or why there is none.
func (r *Run) ended() (*Run, error) {
	select {
	case r.ID = <-r.begun:
		return r, nil
	default:
	}
	if r.err == nil {
		r.err = errors.New("it ended without a word")
	}
	return nil, model.NewError("engine.refused", "%s", r.err)
}

// giveUp ends an engine whose run nobody waits for any more.
func (r *Run) giveUp() {
	go func() { _ = r.Kill() }() // which waits where the engine reads nothing
	select {
	case <-r.done:
	case <-time.After(obeysWithin): // it hangs where it hears nobody, such as in the keychain
		_ = r.cmd.Process.Kill()
		<-r.done
	}
}

// hear reads events until their end, and tells whether the run's own end was among them.
func (r *Run) hear(stdout io.Reader, heard func(Event)) (ended bool) {
	events := NewDecoder(stdout)
	for {
		ev, err := events.Decode()
		if err != nil {
			break
		}
		switch ev := ev.(type) {
		case RunStarted:
			select {
			case r.begun <- ev.ID:
			default: // said twice
			}
		case RunFinished:
			ended = true
		}
		heard(ev)
	}
	// Whatever it says that is no event, nobody may keep it from going on.
	_, _ = io.Copy(io.Discard, stdout)
	return ended
}

// Stop asks the run to end: its scripts are told politely first.
func (r *Run) Stop() error { return r.say(Stop{}) }

// Kill ends the run's scripts at once.
func (r *Run) Kill() error { return r.say(Kill{}) }

func (r *Run) say(c Command) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return NewEncoder(r.stdin).Encode(c)
}

// hand says the first command, without waiting for an engine that is slow to read it. If it can't be said, the engine is
// gone, which is noticed elsewhere.
func (r *Run) hand(s Secrets) {
	r.mu.Lock()
	go func() {
		defer r.mu.Unlock()
		_ = NewEncoder(r.stdin).Encode(s)
	}()
}

// Done is closed once the engine has ended.
func (r *Run) Done() <-chan struct{} { return r.done }

// Err tells, once Done is closed, why an engine ended without the run's result; nil where that was told.
func (r *Run) Err() error {
	select {
	case <-r.done:
		return r.err
	default:
		return nil
	}
}
