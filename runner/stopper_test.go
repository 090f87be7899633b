package runner

import (
	"context"
	"errors"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestStopper(t *testing.T) {
	for name, tt := range map[string]struct {
		asks   []func(*Stopper)
		reason error
		killed bool
	}{
		"nobody asks":               {nil, nil, false},
		"a stop":                    {[]func(*Stopper){(*Stopper).Stop}, errStopped, false},
		"two stops":                 {[]func(*Stopper){(*Stopper).Stop, (*Stopper).Stop}, errStopped, false},
		"a kill":                    {[]func(*Stopper){(*Stopper).Kill}, errStopped, true},
		"a kill after a stop":       {[]func(*Stopper){(*Stopper).Stop, (*Stopper).Kill, (*Stopper).Kill}, errStopped, true},
		"Ctrl-C":                    {[]func(*Stopper){(*Stopper).Interrupt}, errStopped, false},
		"Ctrl-C twice":              {[]func(*Stopper){(*Stopper).Interrupt, (*Stopper).Interrupt}, errStopped, true},
		"Ctrl-C after a stop":       {[]func(*Stopper){(*Stopper).Stop, (*Stopper).Interrupt}, errStopped, true},
		"the time limit":            {[]func(*Stopper){passed}, errTimedOut, false},
		"a stop after the limit":    {[]func(*Stopper){passed, (*Stopper).Stop}, errTimedOut, false},
		"Ctrl-C after the limit":    {[]func(*Stopper){passed, (*Stopper).Interrupt}, errTimedOut, true},
		"the limit after the stop":  {[]func(*Stopper){(*Stopper).Stop, passed}, errStopped, false},
		"the limit after the kill ": {[]func(*Stopper){(*Stopper).Kill, passed}, errStopped, true},
	} {
		t.Run(name, func(t *testing.T) {
			for when, attach := range map[string]int{"before the run has begun": len(tt.asks), "while it goes on": 0} {
				s := NewStopper()
				var ctx context.Context
				for i := range len(tt.asks) + 1 {
					if i == attach {
						var done func()
						ctx, done = s.attach(t.Context())
						defer done()
					}
					if i < len(tt.asks) {
						tt.asks[i](s)
					}
				}
				if got := context.Cause(ctx); !errors.Is(got, tt.reason) {
					t.Errorf("%s: the run ends because %v, want %v", when, got, tt.reason)
				}
				select {
				case <-s.killed:
					if !tt.killed {
						t.Errorf("%s: it is ended by force", when)
					}
				default:
					if tt.killed {
						t.Errorf("%s: it is not ended by force", when)
					}
				}
			}
		})
	}
}

func passed(s *Stopper) { s.end(errTimedOut, false) }

// What was asked before the run begins holds: it is recorded as stopped, and no script starts.
func TestARunThatWasStoppedBefore(t *testing.T) {
	w, r, project := newWorld(t)
	stopper := NewStopper()
	stopper.Kill()
	run, err := r.Run(t.Context(), Request{Project: project}, w, stopper)
	if err != nil || run.Status != model.Stopped || run.ExitCode != ExitStopped || len(w.runs) != 1 {
		t.Errorf("%s %d, %v; recorded %d times", run.Status, run.ExitCode, err, len(w.runs))
	}
}
