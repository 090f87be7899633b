package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// skip is why a step doesn't run. The zero value means that it does.
type skip struct {
	reason   model.SkipReason
	sentence string
}

// skipAfter returns the skip of a step that did not come to its turn before the run ended with that status.
func skipAfter(status model.Status) skip {
	switch status {
	case model.Stopped:
		return skip{model.SkipStopped, "Not run, because the run was stopped."}
	case model.TimedOut:
		return skip{model.SkipTimedOut, "Not run, because the time limit of the run passed."}
	}
	return skip{model.SkipRefused, "Not run, because the run was refused."}
}

// skipOf decides whether a step is to run, by its run condition and the steps before it, which have ended.
func (a *activeRun) skipOf(ctx context.Context, plan *openPlan, index int, before []model.StepRun) skip {
	if status, _, interrupted := interruption(ctx); interrupted {
		return skipAfter(status)
	}
	c := a.planner.chosen[index]
	failed := slices.IndexFunc(before, failedStep)
	switch condition := c.step.Options.Condition; {
	case c.ignoresCondition(), condition == model.ConditionAlways:
	case condition == model.ConditionVariable:
		return plan.skipByExpression(ctx, index)
	case condition == model.ConditionFailure && failed < 0:
		return skip{model.SkipNotFailed, "Not run, because no step before it failed. Its run condition is failure."}
	case condition != model.ConditionFailure && failed >= 0:
		s := before[failed]
		return skip{model.SkipFailed, fmt.Sprintf("Not run, because step %d %q failed.", s.Number, s.Step)}
	}
	return skip{}
}

// failedStep reports whether a step went wrong. One that was skipped did not.
func failedStep(s model.StepRun) bool { return !s.Status.Good() && s.Status != model.Skipped }

// ignoresCondition reports whether the step runs whatever its run condition says, because a person has chosen it alone. If a step
// before it is required and fails, a step that runs on success only is skipped all the same.
func (c chosenStep) ignoresCondition() bool {
	return c.alone && c.step.Options.Condition != model.ConditionSuccess && c.step.Options.Condition != ""
}

const expressionField = "options.conditionExpression"

// condition checks the expression of the step's run condition. Its value counts only when the step's turn has come.
func (r resolver) condition(p *StepPlan) {
	written := p.Step.Options.ConditionExpression
	x, err := r.vars.expand(expressionField, written)
	if err != nil {
		p.problem(expressionField, err)
		return
	}
	undefined := r.unknown(x)
	never := slices.DeleteFunc(slices.Clone(undefined), func(name string) bool { return !r.final && r.mayComeLater(name) })
	p.later = p.later || len(never) < len(undefined)
	r.neverDefined(p, expressionField, written, never)
}

// skipByExpression decides by the value of the step's expression. One that can't be resolved is not skipped: it fails, with that
// problem.
func (p *openPlan) skipByExpression(ctx context.Context, index int) skip {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, own := p.planner.chosen[index], p.steps[index].real().own
	budget, spare := p.planner.budgets()
	vars := p.values().with(ctx, own, budget, spare)
	vars.layers[layerOctopusStep] = newOctopusStepLayer(c.number, c.step)
	written := strings.TrimSpace(c.step.Options.ConditionExpression)
	x, err := vars.expand(expressionField, written)
	if err != nil || len(x.undefined) > 0 || model.IsTrue(x.text) {
		return skip{}
	}
	value := "has no value"
	if text := strings.TrimSpace(x.text); text != "" {
		value = fmt.Sprintf("has the value %q, which is not true", clip(text))
	}
	return skip{model.SkipCondition, fmt.Sprintf("Not run, because its run condition %s %s.", clip(written), value)}
}

// skipRest skips the steps of a run that ended before their turn.
func (a *activeRun) skipRest(end runOutcome) error {
	var failed error
	for i, s := range a.run.Steps {
		if !s.Status.Over() {
			failed = errors.Join(failed, a.skip(i, skipAfter(end.status)))
		}
	}
	return failed
}

// skip records that a step doesn't run, in its log too.
func (a *activeRun) skip(index int, why skip) error {
	step := &a.run.Steps[index]
	step.Status, step.Skip, step.Message = model.Skipped, why.reason, a.masking.text(why.sentence)
	var batches []model.LogBatch
	log := joblog.New(joblog.Options{
		Masker: a.masking.masker, Now: a.runner.deps.Now, Emit: func(b model.LogBatch) { batches = append(batches, b) },
	})
	log.Say(model.LevelInfo, step.Message)
	step.Lines = log.Close().Lines
	err := a.recorder.appendLog(step.ID, batches)
	a.watch.StepSkipped(*step)
	return err
}
