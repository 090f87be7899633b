package desktop

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// Start reads the error that checkEngine sets on another goroutine. Meant for -race.
func TestStartReturnsTheErrorOfTheCheck(t *testing.T) {
	services, err := app.Open(t.Context(), app.Options{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = services.Close() })
	w := &window{services: services, command: engine.Options{Path: "/nonexistent/stepdeck"}}
	missing := errors.New("the command is missing")
	var all sync.WaitGroup
	all.Go(func() { w.commandErr.set(missing) })
	all.Go(func() { _, _ = w.Start(context.Background(), engine.Request{Project: "P"}, func(engine.Event) {}) }) // either error will do
	all.Wait()
	if _, err := w.Start(t.Context(), engine.Request{Project: "P"}, func(engine.Event) {}); !errors.Is(err, missing) {
		t.Errorf("Start returns %v", err)
	}
	w.commandErr.set(nil)
	if err := w.commandErr.err(); err != nil {
		t.Errorf("the error is %v, want none", err)
	}
}
