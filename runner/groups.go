package runner

import (
	"context"
	"errors"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// maxTogether is how many steps run at the same time at most.
const maxTogether = 10

// runSteps runs the steps in order, each if its run condition says so. Those that start with the one before them are one group.
func (a *activeRun) runSteps(ctx context.Context, plan *openPlan, who *sessions) error {
	var failed error
	for from := 0; from < len(a.run.Steps); {
		to := from + 1
		for to < len(a.run.Steps) && a.planner.chosen[to].group == a.planner.chosen[from].group {
			to++
		}
		failed = errors.Join(failed, a.runGroup(ctx, plan, who, from, to))
		from = to
	}
	return failed
}

// runGroup runs the steps from one index to before another at the same time, and returns when all have ended.
func (a *activeRun) runGroup(ctx context.Context, plan *openPlan, who *sessions, from, to int) error {
	var wanted []int
	var failed error
	for i := from; i < to; i++ {
		if why := a.skipOf(ctx, plan, i, a.run.Steps[:from]); why.reason != "" {
			failed = errors.Join(failed, a.skip(i, why))
		} else {
			wanted = append(wanted, i)
		}
	}
	if len(wanted) > 0 {
		failed = errors.Join(failed, a.recordSkipped(to), a.runTogether(ctx, plan, who, wanted))
	}
	for i := from; i < to; i++ {
		plan.ended(i, a.run.Steps[i], a.masking.text(a.run.Steps[i].Message))
	}
	return failed
}

// runTogether runs steps at the same time, but only so many.
func (a *activeRun) runTogether(ctx context.Context, plan *openPlan, who *sessions, indexes []int) error {
	if len(indexes) == 1 {
		return a.runAttempts(ctx, plan, who, indexes[0])
	}
	var running sync.WaitGroup
	failed := make([]error, len(indexes))
	places := make(chan struct{}, maxTogether)
	for i, index := range indexes {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			if status, _, interrupted := interruption(ctx); interrupted {
				failed[i] = a.skip(index, skipAfter(status))
				return
			}
			failed[i] = a.runAttempts(ctx, plan, who, index)
		})
	}
	running.Wait()
	return errors.Join(failed...)
}

// recordSkipped records the steps before one that were skipped since a step last ran. If none runs any more, the end of the run
// records them.
func (a *activeRun) recordSkipped(before int) error {
	for ; a.recorded < before; a.recorded++ {
		if s := a.run.Steps[a.recorded]; s.Status == model.Skipped {
			if err := a.recorder.update(s); err != nil {
				return err
			}
		}
	}
	return nil
}
