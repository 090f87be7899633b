//go:build e2e

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// TestTheWholeHistory looks for runs that are older than those the list reads at first.
func TestTheWholeHistory(t *testing.T) {
	s := newStage(t)
	s.importScript("Oldest", "Flood", "echo a needle")
	s.command("run", "Oldest")
	s.past("Many", 2600)
	w := s.open()
	w.click(words("Runs"))
	w.read("200 of 2,601 shown")
	w.picture("root", "part")

	filter := finder{"the filter", func(v view) (thing, bool) {
		for _, x := range v.reach() {
			if x.Hint != "" && x.Focusable {
				return x, true
			}
		}
		return thing{}, false
	}}
	w.fill(filter, "flood")
	w.read("Oldest")
	w.gone(" shown")
	w.fill(filter, "zzz")
	w.read("No run matches")
	w.picture("root", "nothing")
	w.click(words("Show all runs"))
	w.read("200 of 2,601 shown")

	w.fill(filter, "needle")
	w.key("Return")
	w.read("“needle” is in the logs of 1 of 2,601 runs")
	w.read("a needle")
	w.picture("root", "found")
	w.click(words("All runs"))

	w.click(words("Show more"))
	w.read("400 of 2,601 shown")
	w.click(words("Run")) // the heading: sorting needs all runs
	w.gone(" shown")
	w.read("#1")
	w.close()
}

// past records old runs in the store, without running anything.
func (s *stage) past(project string, count int) {
	s.t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, store.Options{Dir: s.data, Version: "tests"})
	if err != nil {
		s.t.Fatal(err)
	}
	defer st.Close()
	at := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	for range count {
		run := model.Run{Project: project, Status: model.Running, Started: at, Steps: []model.StepRun{
			{Number: 1, Attempt: 1, Step: "Quick", Status: model.Running, Started: at},
		}}
		if err := st.CreateRun(ctx, &run); err != nil {
			s.t.Fatal(err)
		}
		at = at.Add(time.Second)
		run.Status, run.Finished, run.Steps[0].Status, run.Steps[0].Finished = model.Succeeded, at, model.Succeeded, at
		if err := st.FinishRun(ctx, run); err != nil {
			s.t.Fatal(err)
		}
	}
}
