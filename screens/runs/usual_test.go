package runs

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func TestUsual(t *testing.T) {
	minutes := func(list ...int) (took []time.Duration) {
		for _, m := range list {
			took = append(took, time.Duration(m)*time.Minute)
		}
		return took
	}
	for _, row := range []struct {
		name string
		took []time.Duration
		want string
	}{
		{"one", minutes(7), "7 min"},
		{"ten", minutes(10, 9, 8, 7, 6, 5, 4, 3, 2, 100), "6 min to 10 min"},
		{"alike", minutes(5, 5, 5, 5), "5 min"},
		{"the newest twenty count", append(minutes(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), minutes(900, 900)...), "60 s"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := UsualOf(row.took).span(); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
	if UsualOf(nil).Runs != 0 {
		t.Error("something is known of nothing")
	}
}

func TestUsualOfRunsAndSteps(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	run := func(environment string, status model.Status, minutes int, steps ...string) model.Run {
		r := model.Run{Environment: environment, Status: status, Started: at, Finished: at.Add(time.Duration(minutes) * time.Minute)}
		for _, s := range steps {
			r.Steps = append(r.Steps, model.StepRun{Step: s, Status: status, Started: r.Started, Finished: r.Finished})
		}
		return r
	}
	history := []model.Run{
		run("Staging", model.Failed, 90, "A"), run("Staging", model.Succeeded, 3, "A"), run("Production", model.Warning, 50, "A"), run("Staging", model.Succeeded, 8, "A", "B"),
	}
	for _, row := range []struct {
		name string
		got  Usual
		want int // minutes
		runs int
	}{
		{"the same environment", usualOfRun(history, "Staging", "A"), 3, 1},
		{"another one where there is none", usualOfRun(history, "Test", "A"), 3, 2},
		{"other steps", usualOfRun(history, "Staging", "A, B"), 8, 1},
		{"never run", usualOfRun(history, "Staging", "C"), 0, 0},
		{"a step in any run", UsualStep(history, "a"), 8, 3},
	} {
		if int(row.got.Median.Minutes()) != row.want || row.got.Runs != row.runs {
			t.Errorf("%s: got %+v", row.name, row.got)
		}
	}
}

func TestAbout(t *testing.T) {
	for d, want := range map[time.Duration]string{
		100 * time.Millisecond: "1 s", 45 * time.Second: "45 s", 100 * time.Second: "2 min", 41*time.Minute + 20*time.Second: "41 min",
		2 * time.Hour: "2 h", 131 * time.Minute: "2 h 10 min",
	} {
		if got := About(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
