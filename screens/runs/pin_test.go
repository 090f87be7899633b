package runs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// fakePins has one AWS account to pin to.
type fakePins struct {
	mu     sync.Mutex
	proven model.Proven
	asked  int
	pinned []string
	fail   error
}

func (f *fakePins) Pinnable(context.Context, string, string) (model.Proven, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	return f.proven, nil
}

func (f *fakePins) Pin(_ context.Context, project, step, awsID string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pinned = append(f.pinned, project+" "+step+" "+awsID)
	return f.fail
}

func TestPinIsOfferedAfterAGoodRun(t *testing.T) {
	a := uitest.New(t)
	pins := &fakePins{proven: model.Proven{AWSID: "123456789012", Run: 7}}
	var failed error
	o := newPinOffer(pins, func(err error) { failed = err })
	a.Show(container.NewStack(o.content), o.content.MinSize())
	run := model.Run{ID: 7, Project: "Website", Status: model.Succeeded}
	good := model.StepRun{ID: 1, Step: "Roll", Status: model.Succeeded, Identity: model.Identity{AWSID: "123456789012"}}
	for name, tt := range map[string]struct {
		run    func(*model.Run)
		step   func(*model.StepRun)
		proven string
		want   bool
	}{
		"a good run":       {want: true, proven: "123456789012"},
		"another account":  {proven: "111111111111"},
		"nothing to pin":   {},
		"it still runs":    {run: func(r *model.Run) { r.Status = model.Running }, proven: "123456789012"},
		"a rehearsal":      {run: func(r *model.Run) { r.Rehearsal = &model.Rehearsal{} }, proven: "123456789012"},
		"it failed":        {step: func(s *model.StepRun) { s.Status = model.Failed }, proven: "123456789012"},
		"the sandbox":      {step: func(s *model.StepRun) { s.Identity.Sandbox = true }, proven: "123456789012"},
		"no AWS account":   {step: func(s *model.StepRun) { s.Identity.AWSID = "" }, proven: "123456789012"},
		"another step run": {want: true, proven: "123456789012", step: func(s *model.StepRun) { s.ID = 9 }},
	} {
		r, s := run, good
		if tt.run != nil {
			tt.run(&r)
		}
		if tt.step != nil {
			tt.step(&s)
		}
		pins.proven.AWSID = tt.proven
		o.of = 0
		o.show(r, s)
		a.Until(name, func() bool { return !o.work.Busy() })
		if o.button.Visible() != tt.want {
			t.Errorf("%s: offered %v", name, o.button.Visible())
		}
	}
	pins.proven.AWSID, o.of = "123456789012", 0
	o.show(run, good)
	a.Until("the offer", func() bool { return o.button.Visible() })
	asked := pins.asked
	o.show(run, good)
	if a.PumpFor(20 * time.Millisecond); pins.asked != asked {
		t.Error("it is looked up with every update")
	}
	pins.fail = errors.New("the disk is full")
	o.button.OnTapped()
	a.Until("the failure", func() bool { return failed != nil && o.button.Visible() })
	pins.fail = nil
	o.button.OnTapped()
	a.Until("the pin", func() bool { return !o.work.Busy() })
	if o.button.Visible() || len(pins.pinned) != 2 || pins.pinned[1] != "Website Roll 123456789012" {
		t.Errorf("pinned %q, still offered: %v", pins.pinned, o.button.Visible())
	}
}
