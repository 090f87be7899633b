package runs

import (
	"slices"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
)

// Usual is how long something takes as a rule.
type Usual struct {
	Median, P90 time.Duration
	Runs        int // that it was learned from; 0: nothing is known
}

// usualRuns is how many good runs tell what is usual.
const usualRuns = 20

// UsualOf gives what is usual of some durations, the newest first.
func UsualOf(took []time.Duration) Usual {
	took = slices.Clone(took[:min(len(took), usualRuns)])
	n := len(took)
	if n == 0 {
		return Usual{}
	}
	slices.Sort(took)
	return Usual{Median: took[(n-1)/2], P90: took[(n*9+9)/10-1], Runs: n}
}

// UsualStep tells from a project's runs, the newest first, how long a step takes when it goes well.
func UsualStep(history []model.Run, step string) Usual {
	var took []time.Duration
	for _, r := range history {
		for _, s := range r.Steps {
			if s.Status.Good() && model.NameKey(s.Step) == model.NameKey(step) {
				took = append(took, s.Finished.Sub(s.Started))
			}
		}
	}
	return UsualOf(took)
}

// usualOfRun tells from a project's runs, the newest first, how long such a run takes: of the same steps, in the same environment where there
// are such runs, else in any.
func usualOfRun(history []model.Run, environment, steps string) Usual {
	var here, anywhere []time.Duration
	for _, r := range history {
		if !r.Status.Good() || stepNames(r) != steps {
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

// About writes a length of time as people say it: 45 s, 41 min, 2 h 10 min.
func About(d time.Duration) string {
	switch {
	case d < time.Second:
		return lang.L("1 s")
	case d < 90*time.Second:
		return lang.L("{{.N}} s", map[string]any{"N": int(d.Round(time.Second).Seconds())})
	case d < 90*time.Minute:
		return lang.L("{{.N}} min", map[string]any{"N": int(d.Round(time.Minute).Minutes())})
	}
	minutes := int(d.Round(10 * time.Minute).Minutes())
	if minutes%60 == 0 {
		return lang.L("{{.N}} h", map[string]any{"N": minutes / 60})
	}
	return lang.L("{{.H}} h {{.M}} min", map[string]any{"H": minutes / 60, "M": minutes % 60})
}

// span writes it: 45 s, or 38 min to 44 min where the slow ones take longer.
func (u Usual) span() string {
	low, high := About(u.Median), About(u.P90)
	if low == high {
		return low
	}
	return lang.L("{{.Low}} to {{.High}}", map[string]any{"Low": low, "High": high})
}
