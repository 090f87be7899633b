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

// planOf is what there is to record of a run: its plan, or what was asked for where an interruption kept it from being planned.
func (r *Runner) planOf(ctx context.Context, req Request) (Plan, error) {
	plan, err := r.Plan(ctx, req)
	if _, _, interrupted := interruption(ctx); err != nil && interrupted {
		return outline(req)
	}
	return plan, err
}

// outline is a plan of which nothing is resolved.
func outline(req Request) (Plan, error) {
	environment, err := chooseEnvironment(req.Project, req.Environment)
	if err != nil {
		return Plan{}, err
	}
	chosen, err := chooseSteps(req.Project, req.Steps)
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{Project: req.Project.Name, Environment: environment, Timeout: req.Timeout}
	for _, c := range chosen {
		plan.Steps = append(plan.Steps, StepPlan{Number: c.number, Step: c.step, Language: c.step.Script.Language, Written: c.step.Script.Body})
	}
	return plan, nil
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
