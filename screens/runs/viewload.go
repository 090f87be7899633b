package runs

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
)

// snapshot is the state of a run in the store.
type snapshot struct {
	run      model.Run
	accounts map[string]model.AWSAccount
	lens     map[int64]int64
	usual    model.Usual
}

// load reads the run. If it is already loading, it loads once more afterwards.
func (v *view) load() {
	if v.id == 0 {
		return
	}
	if v.latest.Busy() {
		v.stale = true
		return
	}
	v.stale = false
	id, usual := v.id, v.usual
	read := func(ctx context.Context) (snapshot, error) { return v.read(ctx, id, usual) }
	async.Load(&v.latest, read, func(s snapshot, err error) {
		if err != nil {
			v.drawn = snapshot{}
			v.stage.Error(err, v.load)
			return
		}
		v.show(s)
		if v.stale {
			v.load()
		}
	})
}

func (v *view) read(ctx context.Context, id int64, usual model.Usual) (s snapshot, err error) {
	if s.run, err = v.store.Run(ctx, id); err != nil {
		return s, err
	}
	s.accounts, s.lens = map[string]model.AWSAccount{}, map[int64]int64{}
	for _, aws := range s.run.AWSAccounts() {
		if s.accounts[aws], err = v.store.AWSAccount(ctx, aws); err != nil {
			return s, err
		}
	}
	for _, step := range s.run.Steps {
		if s.lens[step.ID], err = v.store.LogLen(ctx, step.ID); err != nil {
			return s, err
		}
	}
	if s.usual = usual; usual.Runs == 0 && !s.run.Status.Over() {
		history, err := v.store.Runs(ctx, model.RunFilter{Project: s.run.Project, Before: s.run.ID, Limit: looksBack})
		if err != nil {
			return s, err
		}
		s.usual = model.UsualRun(history, s.run.Environment, s.run.PlannedSteps())
	}
	return s, nil
}

func (v *view) show(s snapshot) {
	v.run, v.accounts, v.usual = s.run, s.accounts, s.usual
	v.steps.steps = s.run.Steps
	if looks := s.looks(); v.pending != 0 || !reflect.DeepEqual(looks, v.drawn) {
		v.drawn = looks
		v.draw(s)
	}
	v.pane.grown(s.lens[v.step])
	if shown := v.shownStep(); v.announced[attempt{shown.Number, shown.Attempt}] > s.lens[v.step] && !s.run.Status.Over() {
		v.refresher.soon() // the announced lines are being written
	}
	v.tick()
}

// looks returns what the view draws of the snapshot: all but the lines, which are the log's, and the time of the last one, which the
// clock shows. A script that prints changes nothing else, and a window draws as a whole or not at all.
func (s snapshot) looks() snapshot {
	s.lens = nil
	s.run.Steps = slices.Clone(s.run.Steps)
	for i := range s.run.Steps {
		s.run.Steps[i].Lines, s.run.Steps[i].LastOutput = 0, time.Time{}
	}
	return s
}

// draw shows everything but the log.
func (v *view) draw(s snapshot) {
	v.steps.list.Refresh()
	if len(s.run.Steps) > 1 {
		v.left.Show()
	} else {
		v.left.Hide()
	}
	if v.pending != 0 {
		v.chosen = true
		v.showStep(v.pending)
		v.pending = 0
	}
	if !v.chosen {
		if step := current(s.run); step != nil {
			v.showStep(step.ID)
		}
	}
	v.steps.choose(v.step)
	v.update()
	v.stage.Show(v.body)
}

// current returns the step run to show by default: the running one, else the failed one, else the last one that ran. Of the
// attempts at a step, the last one counts.
func current(r model.Run) *model.StepRun {
	var found *model.StepRun
	for i, s := range r.Steps {
		last := i == len(r.Steps)-1 || r.Steps[i+1].Number != s.Number
		switch {
		case !last && s.Status.Over() && r.Steps[i+1].Status != model.Queued:
		case s.Status == model.Running:
			return &r.Steps[i]
		case s.Status == model.Failed || s.Status == model.TimedOut:
			found = &r.Steps[i]
		case found == nil || !found.Status.Over() || found.Status.Good() && !s.Started.IsZero():
			if !s.Started.IsZero() || found == nil {
				found = &r.Steps[i]
			}
		}
	}
	return found
}
