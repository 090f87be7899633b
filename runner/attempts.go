package runner

import (
	"context"
	"fmt"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// runAttempts runs a step, and again while it fails and may be retried. An error means that something could not be recorded.
func (a *activeRun) runAttempts(ctx context.Context, plan *openPlan, who *sessions, index int) error {
	pause := a.planner.chosen[index].step.Options.RetryPause
	for {
		finished, again, err := a.runStep(ctx, plan, who, index)
		a.run.Steps[index] = finished
		if again && err == nil {
			err = a.addAttempt(index, pause)
		}
		if finished.Status.Over() {
			a.watch.StepFinished(finished)
		}
		if !again || err != nil {
			return err
		}
		plan.forgetOutputs(index)
		if !a.pause(ctx, pause) {
			status, _, _ := interruption(ctx)
			return a.skip(index, skipAfter(status))
		}
	}
}

// addAttempt records the next attempt at a step, which begins after the pause.
func (a *activeRun) addAttempt(index int, pause time.Duration) error {
	failed := a.run.Steps[index]
	next := model.StepRun{
		Number: failed.Number, Attempt: failed.Attempt + 1, Attempts: failed.Attempts, StepID: failed.StepID, Step: failed.Step,
		Status: model.Queued, Identity: failed.Identity, Region: failed.Region, Progress: model.Progress{Percent: -1}, Inputs: failed.Inputs,
	}
	if pause > 0 {
		next.Message = fmt.Sprintf("Attempt %d of %d begins at %s.", next.Attempt, next.Attempts,
			a.runner.deps.Now().Add(pause).Local().Format(time.TimeOnly)) // the engine runs where the person is
	}
	if err := a.recorder.add(a.run.ID, &next); err != nil {
		return err
	}
	a.earlier[index] = append(a.earlier[index], failed)
	a.run.Steps[index] = next
	return nil
}

// pause waits. It returns false if the run ended meanwhile.
func (a *activeRun) pause(ctx context.Context, d time.Duration) bool {
	if d > 0 {
		over := make(chan struct{})
		timer := a.runner.after(d, func() { close(over) })
		defer timer.Stop()
		select {
		case <-over:
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil
}

// again reports whether a step that ended like this is tried again, and says so in its log. The run must go on, and trying again
// must be able to help.
func (s *stepRun) again(ctx context.Context, ended model.StepRun, end outcome) bool {
	if !failedStep(ended) || ended.Attempt >= ended.Attempts || end.hopeless || ctx.Err() != nil {
		return false
	}
	when := "now"
	if pause := s.step().Options.RetryPause; pause > 0 {
		when = "in " + model.TimeWords(pause)
	}
	s.log.Say(model.LevelWarning, fmt.Sprintf("Attempt %d of %d failed. The next one begins %s.", ended.Attempt, ended.Attempts, when))
	return true
}

// isHopeless reports whether the same error would come again: a person has to do something, or the step is wrong.
func isHopeless(err error) bool {
	switch model.ErrorCode(err) {
	case wrongAccount, model.CodeInvalid:
		return true
	}
	return QuestionOf(err) != nil
}

// attempts returns the run's step runs with those of earlier attempts, in order.
func (a *activeRun) attempts() []model.StepRun {
	var all []model.StepRun
	for i, last := range a.run.Steps {
		all = append(append(all, a.earlier[i]...), last)
	}
	return all
}
