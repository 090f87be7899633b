package runner

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// transactions returns what a run writes, in order.
type transactions struct {
	*world
	list []string
}

func (t *transactions) CreateRun(ctx context.Context, run *model.Run) error {
	t.list = append(t.list, "the run")
	return t.world.CreateRun(ctx, run)
}

func (t *transactions) UpdateStepRun(_ context.Context, s model.StepRun) error {
	what := string(s.Status)
	if s.Status == model.Queued {
		what = "is " + s.Identity.Account
	}
	t.list = append(t.list, s.Step+" "+what)
	return nil
}

func (t *transactions) FinishRun(ctx context.Context, run model.Run) error {
	t.list = append(t.list, "the end")
	return t.world.FinishRun(ctx, run)
}

// Each transaction waits for the disk: what follows at once is written once. A step stands in the record as running before
// its script starts, and as ended before the next one is running.
func TestARunWritesWhatMustBeOnDiskOnce(t *testing.T) {
	w, r, project := newWorld(t)
	project.Steps[2].Script.Body = "echo on\n" // a line that is waited for takes time to come
	written := &transactions{world: w}
	now := time.Now()
	r.deps.Recorder, r.deps.Now = written, func() time.Time { return now } // so that no second passes in which counts are written
	if run, err := r.Run(t.Context(), Request{Project: project}, w, nil); err != nil || run.Status != model.Succeeded {
		t.Fatalf("%+v, %v", run, err)
	}
	want := []string{
		"the run", "Instance is " + model.InstanceRole, "Packaged running", "Packaged succeeded", "Instance running", "Instance succeeded",
		"Waits running", "the end",
	}
	if !slices.Equal(written.list, want) {
		t.Errorf("written is %q, want %q", written.list, want)
	}
}
