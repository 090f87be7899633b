package runs

import (
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

func newService(t *testing.T) *Service {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s := New(Deps{Store: st, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() { _ = errors.Join(s.Close(), st.Close()) })
	return s
}

func aRun(t *testing.T, s *Service) int64 {
	t.Helper()
	run := model.Run{Project: "P", Who: "ana", Status: model.Running, Started: time.Now()}
	if err := s.deps.Store.CreateRun(t.Context(), &run); err != nil {
		t.Fatal(err)
	}
	return run.ID
}

// That one run of a process has looked for commands must not hide those to another one.
func TestCommandsReachEachRunOfAProcess(t *testing.T) {
	ctx := t.Context()
	s := newService(t)
	r := s.Recorder()
	first, second := aRun(t, s), aRun(t, s)
	for _, id := range []int64{first, second} { // the first look of all opens the watch
		if c, err := r.TakeCommands(ctx, id); err != nil || len(c) != 0 {
			t.Fatalf("run %d has commands %v, %v", id, c, err)
		}
	}
	if err := s.Ask(ctx, second, model.StopRun); err != nil {
		t.Fatal(err)
	}
	if c, err := r.TakeCommands(ctx, first); err != nil || len(c) != 0 {
		t.Errorf("the other run has commands %v, %v", c, err)
	}
	if c, err := r.TakeCommands(ctx, second); err != nil || len(c) != 1 {
		t.Errorf("the run that was asked to stop has commands %v, %v", c, err)
	}
}

// Run with -race.
func TestCommandsAreLookedForFromManyGoroutines(t *testing.T) {
	s := newService(t)
	id := aRun(t, s)
	r := s.Recorder()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				if _, err := r.TakeCommands(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if c, err := r.TakeCommands(t.Context(), id); err != nil || len(c) != 0 {
		t.Errorf("after the end there are commands %v, %v", c, err)
	}
}
