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

// Stopper stops one run. The first reason counts; a kill may follow a stop. A stop before the run begins takes effect when it
// does. It is safe for concurrent use.
type Stopper struct {
	mu     sync.Mutex
	reason error                   // why the run is stopped; nil: it isn't
	cancel context.CancelCauseFunc // of the run's context; nil before the run has begun
	killed chan struct{}           // closed to kill the script's processes
	force  bool                    // killed is closed
}

// NewStopper returns a Stopper for one call of Runner.Run.
func NewStopper() *Stopper { return &Stopper{killed: make(chan struct{})} }

// Stop asks the script to end, and gives it time for that. No further step starts.
func (s *Stopper) Stop() { s.end(errStopped, false) }

// Kill kills the script's processes at once.
func (s *Stopper) Kill() { s.end(errStopped, true) }

// Interrupt is Stop, or Kill if the run is being stopped already: the meaning of Ctrl-C.
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

// attach returns the run's context, which ends with ctx or when the run is stopped.
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

// interruption reports whether a run or a step was stopped or timed out, and the run's exit code. Once the context has ended,
// its cause alone decides, whatever errors followed from that.
func interruption(ctx context.Context) (status model.Status, exit int, interrupted bool) {
	switch {
	case ctx.Err() == nil:
		return "", 0, false
	case errors.Is(context.Cause(ctx), errTimedOut):
		return model.TimedOut, ExitTimedOut, true
	}
	return model.Stopped, ExitStopped, true
}

// limitRun stops the run after its time limit, if it has one, unless release is called before.
func (r *Runner) limitRun(s *Stopper, limit time.Duration) (release func()) {
	if limit <= 0 {
		return func() {}
	}
	timer := r.after(limit, func() { s.end(errTimedOut, false) })
	return func() { timer.Stop() }
}

// limitStep returns a context that ends after the step's time limit, if it has one.
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

// DefaultForceIn returns the time from the beginning of a stop until what is left of a step is killed.
func DefaultForceIn() time.Duration { return process.DefaultForceIn() }
