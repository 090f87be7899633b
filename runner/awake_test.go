package runner

import (
	"context"
	"sync/atomic"
	"testing"
)

// The system stays awake for as long as a run goes on, also while a stopped one ends its processes.
func TestTheSystemIsKeptAwakeForARun(t *testing.T) {
	for _, how := range []string{"", "a stop"} {
		t.Run("ended by "+how, func(t *testing.T) {
			w, r, project := newWorld(t)
			var awake atomic.Bool
			times := 0
			r.deps.Awake = func(ctx context.Context) func() {
				awake.Store(true)
				times++
				return func() {
					if ctx.Err() != nil { // of the run: the system could sleep before its processes have ended
						t.Error("it ended with the run's context")
					}
					awake.Store(false)
				}
			}
			passed := w.passed
			w.passed = func(name string) {
				passed(name)
				if name == "a script" && !awake.Load() {
					t.Error("a script runs while the system may sleep")
				}
			}
			req, stopper := Request{Project: project}, NewStopper()
			if how != "" {
				w.at = moment{name: "a script", nth: 1}
				interruptions[how].arm(w, r, &req, nil, stopper)
			}
			if _, err := r.Run(t.Context(), req, w, stopper); err != nil {
				t.Fatal(err)
			}
			if awake.Load() || times != 1 {
				t.Errorf("still awake: %v; kept so %d times", awake.Load(), times)
			}
		})
	}
}
