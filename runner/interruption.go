package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Causes of the end of a run's or a step's context.
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

// Codes of the errors of a run that was interrupted before it was recorded.
const (
	CodeStopped  = "run.stopped"
	CodeTimedOut = "run.timedout"
)

// notBegun is why a run is not recorded at all.
func notBegun(ctx context.Context, err error) error {
	switch status, _, interrupted := interruption(ctx); {
	case !interrupted:
		return err
	case status == model.TimedOut:
		return model.NewError(CodeTimedOut, "The time limit passed while the run was planned. Nothing ran, and nothing is recorded. Give it more time with --timeout.")
	}
	return model.NewError(CodeStopped, "The run was stopped while it was planned. Nothing ran, and nothing is recorded.")
}

// beforeAll is what a run says that was interrupted before its first script.
func beforeAll(status model.Status) string {
	if status == model.TimedOut {
		return "The time limit passed before the first script started."
	}
	return "Stopped before the first script started."
}

// within ends ctx for the cause once the limit has passed, where there is one. The caller may end it too.
func (r *Runner) within(ctx context.Context, limit time.Duration, cause error) (context.Context, context.CancelCauseFunc) {
	ctx, end := context.WithCancelCause(ctx)
	if limit <= 0 {
		return ctx, end
	}
	timer := r.after(limit, func() { end(cause) })
	return ctx, func(cause error) {
		timer.Stop()
		end(cause)
	}
}
