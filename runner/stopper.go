package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process"
)

// Stopper ends one run: whoever may end it is handed the same Stopper. The first reason counts, a kill may follow a stop,
// and what is asked before the run has begun holds from its beginning on. It may be used by several goroutines.
type Stopper struct {
	mu     sync.Mutex
	reason error                   // why the run is to end; nil: it is not
	cancel context.CancelCauseFunc // of the run's context; nil before the run has begun
	killed chan struct{}           // closed once the script's processes are to be ended by force
	force  bool                    // killed is closed
}

// NewStopper returns a Stopper for one call of Runner.Run.
func NewStopper() *Stopper { return &Stopper{killed: make(chan struct{})} }

// Stop asks the script to end and gives it time for that. No further step starts.
func (s *Stopper) Stop() { s.end(errStopped, false) }

// Kill ends the script's processes at once.
func (s *Stopper) Kill() { s.end(errStopped, true) }

// Interrupt is Stop, or Kill where the run is ending already: what Ctrl-C means.
func (s *Stopper) Interrupt() {
	s.mu.Lock()
	ending := s.reason != nil
	s.mu.Unlock()
	s.end(errStopped, ending)
}

func (s *Stopper) end(reason error, force bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if force && !s.force {
		s.force = true
		close(s.killed)
	}
	if s.reason != nil {
		return
	}
	s.reason = reason
	if s.cancel != nil {
		s.cancel(reason)
	}
}

// attach returns the context of the run, which ends with ctx and as soon as the run is to end.
func (s *Stopper) attach(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancel = cancel
	if s.reason != nil {
		cancel(s.reason)
	}
	return ctx, func() { cancel(nil) }
}

// Reasons for the end of a run's or a step's context.
var (
	errStopped      = errors.New("stopped")
	errTimedOut     = errors.New("timed out")
	errStepTimedOut = fmt.Errorf("the step %w", errTimedOut)
)

// interruption tells whether a run or a step was stopped or ran out of time, with the run's exit code. This is the one
// rule: once the context has ended, its cause decides, whatever error the work in hand came back with.
func interruption(ctx context.Context) (status model.Status, exit int, interrupted bool) {
	switch {
	case ctx.Err() == nil:
		return "", 0, false
	case errors.Is(context.Cause(ctx), errTimedOut):
		return model.TimedOut, ExitTimedOut, true
	}
	return model.Stopped, ExitStopped, true
}

// limitRun ends the run once its time limit has passed, where there is one. The caller calls release at its end.
func (r *Runner) limitRun(s *Stopper, limit time.Duration) (release func()) {
	if limit <= 0 {
		return func() {}
	}
	timer := r.after(limit, func() { s.end(errTimedOut, false) })
	return func() { timer.Stop() }
}

// limitStep returns a context that ends once the step's time limit has passed, where there is one.
func (r *Runner) limitStep(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return context.WithCancel(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := r.after(limit, func() { cancel(errStepTimedOut) })
	return ctx, func() {
		timer.Stop()
		cancel(nil)
	}
}

// DefaultForceIn is how long after a polite stop what is left of a step is ended by force.
func DefaultForceIn() time.Duration { return process.DefaultForceIn() }
