package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strconv"
	"strings"
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
	Exactly     int64 // a run whose kept inputs run once more: project, environment and steps are then its own; 0: none
}

// Given is a value for this run, which may be secret.
type Given struct{ Name, Value string }

// A single string of the environment can't be longer: 32,767 UTF-16 units on Windows, 128 KiB on Linux.
const maxGiven = 32_000

// arguments gives the command line and what the environment holds beside the usual. Other programs can read command
// lines, so no value stands there; variables that begin with STEPDECK_ never reach a script.
func (r Request) arguments() (args, environ []string, err error) {
	args = []string{"run", "--events"}
	switch {
	case r.Exactly != 0:
		args = []string{"runs", "again", "--events", "--exactly"}
	case r.Environment != "":
		args = append(args, "--environment="+r.Environment)
	}
	for _, c := range r.Confirm {
		args = append(args, "--confirm="+c)
	}
	if r.Timeout > 0 && r.Exactly == 0 {
		args = append(args, "--timeout="+r.Timeout.String())
	}
	for i, g := range r.Given {
		if len(g.Value) > maxGiven || strings.ContainsRune(g.Value, 0) {
			return nil, nil, model.NewError("engine.given", "The value for %q can't be given to a run: it has more than %d bytes, or a NUL character. Save it in the project's variables.", g.Name, maxGiven)
		}
		name := "STEPDECK_GIVEN_" + strconv.Itoa(i+1)
		args = append(args, "--set-env="+g.Name+"="+name)
		environ = append(environ, name+"="+g.Value)
	}
	if r.Exactly != 0 {
		return append(args, "--", strconv.FormatInt(r.Exactly, 10)), environ, nil
	}
	args = append(args, "--", r.Project)
	return append(args, r.Steps...), environ, nil
}

// Run is a run that this process started. It goes on whatever becomes of this process.
type Run struct {
	ID int64

	mu    sync.Mutex // of stdin
	stdin io.WriteCloser
	done  chan struct{}
	err   error // once done is closed
}

// obeysWithin is longer than the end of a stubborn script takes.
const obeysWithin = 10 * time.Second

// Start starts a run and returns when it is in the store, or why there is none. Heard is called for each event, one at a
// time, on a goroutine of its own; it must return soon, as the run waits for whoever does not read. Ending ctx gives up a
// start that takes too long; a run that has begun does not hear of it.
func (e *Engine) Start(ctx context.Context, req Request, heard func(Event)) (*Run, error) {
	args, environ, err := req.arguments()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(e.path, args...) //nolint:noctx // it outlives the caller
	cmd.Env = append(append([]string{}, e.environ...), environ...)
	cmd.Dir = e.dir
	cmd.SysProcAttr = detached()
	r := &Run{done: make(chan struct{})}
	errs := &tail{}
	cmd.Stderr = errs
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		r.stdin, err = cmd.StdinPipe()
	}
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, model.NewError("engine.start", "The command %s can't be started. Install Stepdeck again.", e.path).Because(err)
	}
	begun := make(chan int64, 1)
	go func() {
		ended := r.hear(stdout, begun, heard)
		err := cmd.Wait()
		if !ended {
			r.err = errs.or(err)
		}
		close(r.done)
	}()
	select {
	case r.ID = <-begun:
		return r, nil
	case <-r.done:
	case <-ctx.Done():
		_ = r.Kill()
		select {
		case <-r.done:
		case <-time.After(obeysWithin): // it hangs where it hears nobody, such as in the keychain
			_ = cmd.Process.Kill()
			<-r.done
		}
		return nil, context.Cause(ctx)
	}
	select { // both may have come at once
	case r.ID = <-begun:
		return r, nil
	default:
	}
	if r.err == nil {
		r.err = errors.New("it ended without a word")
	}
	return nil, model.NewError("engine.refused", "%s", r.err)
}

// hear reads events until their end, and tells whether the run's own end was among them.
func (r *Run) hear(stdout io.Reader, begun chan<- int64, heard func(Event)) (ended bool) {
	events := json.NewDecoder(stdout)
	for {
		var ev Event
		if err := events.Decode(&ev); err != nil {
			break
		}
		if ev.Kind == RunStarted {
			begun <- ev.RunID
		}
		ended = ended || ev.Kind == RunFinished
		heard(ev)
	}
	// Whatever it says that is no event, nobody may keep it from going on.
	_, _ = io.Copy(io.Discard, stdout)
	return ended
}

// Stop asks the run to end: its scripts are told politely first.
func (r *Run) Stop() error { return r.say("stop") }

// Kill ends the run's scripts at once.
func (r *Run) Kill() error { return r.say("kill") }

func (r *Run) say(command string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := io.WriteString(r.stdin, `{"type":"`+command+`"}`+"\n")
	return err
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
