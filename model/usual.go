package model

import (
	"slices"
	"time"
)

// Usual is how long something takes as a rule.
type Usual struct {
	Median, P90 time.Duration
	Runs        int // that it was learned from; 0: nothing is known
}

// usualRuns is how many good runs tell what is usual.
const usualRuns = 20

// UsualOf returns what is usual of some durations, the newest first.
func UsualOf(took []time.Duration) Usual {
	took = slices.Clone(took[:min(len(took), usualRuns)])
	n := len(took)
	if n == 0 {
		return Usual{}
	}
	slices.Sort(took)
	return Usual{Median: took[(n-1)/2], P90: took[(n*9+9)/10-1], Runs: n}
}

// UsualStep returns from a project's runs, the newest first, how long a step takes when it goes well.
func UsualStep(history []Run, step string) Usual {
	var took []time.Duration
	for _, r := range history {
		if r.Rehearsal != nil {
			continue // it does less
		}
		for _, s := range r.Steps {
			if s.Status.Good() && NameKey(s.Step) == NameKey(step) {
				took = append(took, s.Finished.Sub(s.Started))
			}
		}
	}
	return UsualOf(took)
}

// UsualRun returns from a project's runs, the newest first, how long a run of the steps takes when it goes well, whichever of
// them it skips: in the same environment where there are such runs, else in any.
func UsualRun(history []Run, environment string, steps []string) Usual {
	var here, anywhere []time.Duration
	for _, r := range history {
		if !r.Status.Good() || r.Rehearsal != nil || !slices.Equal(r.PlannedSteps(), steps) {
			continue
		}
		took := r.Finished.Sub(r.Started)
		anywhere = append(anywhere, took)
		if r.Environment == environment {
			here = append(here, took)
		}
	}
	if len(here) > 0 {
		return UsualOf(here)
	}
	return UsualOf(anywhere)
}
