package model_test

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

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
		run("Staging", model.Failed, 90, "A"), run("Staging", model.Succeeded, 3, "A"), run("Production", model.Warning, 50, "A"),
		run("Staging", model.Succeeded, 8, "A", "B"),
	}
	for _, row := range []struct {
		name string
		got  model.Usual
		want int // minutes
		runs int
	}{
		{"the same environment", model.UsualRun(history, "Staging", []string{"A"}), 3, 1},
		{"another one where there is none", model.UsualRun(history, "Test", []string{"A"}), 3, 2},
		{"other steps", model.UsualRun(history, "Staging", []string{"A", "B"}), 8, 1},
		{"never run", model.UsualRun(history, "Staging", []string{"C"}), 0, 0},
		{"a step in any run", model.UsualStep(history, "a"), 8, 3},
	} {
		if int(row.got.Median.Minutes()) != row.want || row.got.Runs != row.runs {
			t.Errorf("%s: got %+v", row.name, row.got)
		}
	}
}
