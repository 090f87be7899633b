package runs

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// Of the attempts at a step, the last one that has begun is shown first; of steps that run at the same time, the first.
func TestTheStepThatIsShownFirst(t *testing.T) {
	at := time.Now()
	step := func(number, attempt int, status model.Status) model.StepRun {
		s := model.StepRun{ID: int64(number*10 + attempt), Number: number, Attempt: attempt, Attempts: 3, Status: status, Started: at}
		if status == model.Queued || status == model.Skipped {
			s.Started = time.Time{}
		}
		return s
	}
	for name, row := range map[string]struct {
		steps []model.StepRun
		want  int64
	}{
		"a retry succeeded":       {[]model.StepRun{step(1, 1, model.Failed), step(1, 2, model.Succeeded), step(2, 1, model.Succeeded)}, 21},
		"the last attempt failed": {[]model.StepRun{step(1, 1, model.Failed), step(1, 2, model.Failed), step(2, 1, model.Skipped)}, 12},
		"the pause":               {[]model.StepRun{step(1, 1, model.Failed), step(1, 2, model.Queued)}, 11},
		"two at once":             {[]model.StepRun{step(1, 1, model.Succeeded), step(2, 1, model.Running), step(3, 1, model.Running)}, 21},
		"one of two retries":      {[]model.StepRun{step(1, 1, model.Failed), step(1, 2, model.Running), step(2, 1, model.Succeeded)}, 12},
	} {
		if got := current(model.Run{Steps: row.steps}); got == nil || got.ID != row.want {
			t.Errorf("%s: %+v, want %d", name, got, row.want)
		}
	}
}

// Why a step was skipped is no failure, and a pause before a retry waits for nobody.
func TestSkippedAndRetriedSteps(t *testing.T) {
	skipped := model.StepRun{Number: 2, Step: "B", Status: model.Skipped, Skip: model.SkipNotFailed, Message: "Not run, because."}
	o := newOutcome()
	if tone := o.tone(model.Run{Status: model.Failed}, skipped, false); tone != display.Neutral {
		t.Errorf("the tone is %v", tone)
	}
	if lines := o.lines(model.Run{Status: model.Succeeded}, skipped); len(lines) != 1 || lines[0] != skipped.Message {
		t.Errorf("it says %q", lines)
	}
	w := newAwaiting(awaitingDeps{resized: func() {}})
	pause := model.StepRun{Number: 1, Attempt: 2, Status: model.Queued, Message: "Attempt 2 of 3.", Identity: model.Identity{Account: "A"}}
	waits := model.StepRun{Number: 2, Attempt: 1, Status: model.Running, Message: "It waits.", Identity: model.Identity{Account: "B"}}
	w.set(model.Run{Status: model.Running, Steps: []model.StepRun{pause}})
	if w.content.Visible() {
		t.Error("a pause asks for somebody")
	}
	w.set(model.Run{Status: model.Running, Steps: []model.StepRun{pause, waits}})
	if !w.content.Visible() || w.account != "B" {
		t.Errorf("it asks for %q", w.account)
	}
	if got := stepName(model.StepRun{Step: "A", Attempt: 2}); got != "A · attempt 2" {
		t.Errorf("the step is called %q", got)
	}
}
