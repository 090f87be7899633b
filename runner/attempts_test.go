package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// retried returns a step that is tried again.
func retried(name, body string, retries int, change func(*model.Options)) model.Step {
	return bashStep(name, body, func(o *model.Options) {
		if o.Retries, o.RetryPause = retries, time.Minute; change != nil {
			change(o)
		}
	})
}

// atOnce makes pauses pass at once, and returns them as they come.
func (r *Runner) atOnce() *[]time.Duration {
	var pauses []time.Duration
	r.after = func(d time.Duration, pass func()) *time.Timer {
		if d == time.Minute {
			pauses = append(pauses, d)
			pass()
		}
		return time.NewTimer(time.Hour)
	}
	return &pauses
}

func TestRetries(t *testing.T) {
	// count is a script that fails until it has run a number of times.
	count := func(times int) string {
		return fmt.Sprintf("echo x >>COUNT\nn=$((0+$(wc -l <COUNT)))\nset_octopusvariable Nth $n\nset_octopusvariable Of$n yes\n"+
			"[ $n -ge %d ] || exit $((n+10))", times)
	}
	for name, row := range map[string]struct {
		steps  []model.Step
		want   []string
		pauses int
		status model.Status
		exit   int
	}{
		"the second attempt succeeds": {
			[]model.Step{retried("A", count(2), 3, nil), bashStep("B", `[ "#{Nth}#{Octopus.Action[A].Output.Nth}#{Of2}" = 22yes ]`, nil)},
			[]string{"A failed", "A succeeded", "B succeeded"}, 1, model.Succeeded, 0,
		},
		"outputs of an attempt that doesn't count are gone": {
			[]model.Step{retried("A", count(2), 1, nil), when("#{Octopus.Action[A].Output.Of1}", "B", ":"), on(model.ConditionFailure, "C", ":")},
			[]string{"A failed", "A succeeded", "B failed", "C succeeded"}, 1, model.Failed, 1,
		},
		"all attempts fail": {
			[]model.Step{retried("A", count(9), 2, nil), on(model.ConditionFailure, "B", ":"), bashStep("C", ":", nil)},
			[]string{"A failed", "A failed", "A failed", "B succeeded", "C skipped failed"}, 2, model.Failed, 13,
		},
		"the first one succeeds": {
			[]model.Step{retried("A", ":", 2, nil)}, []string{"A succeeded"}, 0, model.Succeeded, 0,
		},
		"without a pause": {
			[]model.Step{retried("A", count(3), 3, func(o *model.Options) { o.RetryPause = 0 })},
			[]string{"A failed", "A failed", "A succeeded"}, 0, model.Succeeded, 0,
		},
		"error output that fails the step": {
			[]model.Step{retried("A", count(1)+"\n[ \"$n\" = 2 ] || echo oh >&2", 1, func(o *model.Options) { o.Stderr = model.ErrorOutputFail })},
			[]string{"A failed", "A succeeded"}, 1, model.Succeeded, 0,
		},
		"what only a person can put right": {
			[]model.Step{bashStep("A", "set_octopusvariable Code x", nil), retried("B", ":", 3, func(o *model.Options) {
				o.Condition, o.ConditionExpression = model.ConditionVariable, "#{Octopus.Action[A].Output.Cdoe}"
			})},
			[]string{"A succeeded", "B failed"}, 0, model.Failed, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, _ := newWorld(t)
			pauses := r.atOnce()
			for i := range row.steps {
				row.steps[i].Script.Body = strings.ReplaceAll(row.steps[i].Script.Body, "COUNT", "'"+w.open+"'")
			}
			run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: row.steps}}, w, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := ends(run); !slices.Equal(got, row.want) || len(*pauses) != row.pauses || run.Status != row.status || run.ExitCode != row.exit {
				t.Errorf("%q, %d pauses, %s %d\nwant %q, %d, %s %d", got, len(*pauses), run.Status, run.ExitCode, row.want, row.pauses, row.status,
					row.exit)
			}
			w.wantAttempts(t, run)
		})
	}
}

// wantAttempts checks that each attempt is marked in the record and in its own log, and that all have ended.
func (w *world) wantAttempts(t *testing.T, run model.Run) {
	t.Helper()
	if got, want := ends(w.runs[0]), ends(run); !slices.Equal(got, want) || w.reported == nil || !slices.Equal(ends(*w.reported), want) {
		t.Errorf("recorded is %q, returned %q", got, want)
	}
	for i, s := range run.Steps {
		log := w.logged(s.ID)
		if again := i+1 < len(run.Steps) && run.Steps[i+1].Number == s.Number; again != strings.Contains(log, "The next one begins") {
			t.Errorf("%s, attempt %d, is followed by another: %v; its log is %q", s.Step, s.Attempt, again, log)
		}
		mark := fmt.Sprintf("This is attempt %d of %d.\n", s.Attempt, s.Attempts)
		if s.Attempt > 1 && s.Skip == "" && !strings.HasPrefix(log, mark) {
			t.Errorf("%s, attempt %d: its log is %q", s.Step, s.Attempt, log)
		}
		if i > 0 && run.Steps[i-1].ID == s.ID || s.Attempt > 1 && s.Attempt != run.Steps[i-1].Attempt+1 {
			t.Errorf("%s is attempt %d with id %d", s.Step, s.Attempt, s.ID)
		}
	}
}

// Each attempt has the whole time limit.
func TestAnAttemptThatTookTooLongIsRetried(t *testing.T) {
	w, r, _ := newWorld(t)
	limits := 0
	r.after = func(d time.Duration, pass func()) *time.Timer {
		switch d {
		case time.Minute:
			pass()
		case time.Hour:
			limits++
			w.interrupt = pass
		}
		return time.NewTimer(time.Hour)
	}
	w.at, w.passed = moment{name: "a script", nth: 1}, nil
	body := "[ -e '" + w.open + "' ] && exit 0\ntouch '" + w.open + "'\necho waiting\nwhile :; do sleep 0.02; done"
	step := retried("A", body, 1, func(o *model.Options) { o.Timeout = time.Hour })
	run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: []model.Step{step}}}, w, nil)
	if got, want := ends(run), []string{"A timedout", "A succeeded"}; err != nil || !slices.Equal(got, want) || limits != 2 ||
		run.Status != model.Succeeded {
		t.Errorf("%q, %d limits, %s, %v", got, limits, run.Status, err)
	}
}

// A stop and the time limit of the run end the pause before a retry.
func TestAnInterruptionEndsThePause(t *testing.T) {
	for name, row := range map[string]struct {
		end    func(stopper *Stopper)
		skip   model.SkipReason
		status model.Status
		exit   int
	}{
		"a stop":         {(*Stopper).Stop, model.SkipStopped, model.Stopped, ExitStopped},
		"the time limit": {func(s *Stopper) { s.end(errTimedOut, false) }, model.SkipTimedOut, model.TimedOut, ExitTimedOut},
	} {
		t.Run(name, func(t *testing.T) {
			w, r, _ := newWorld(t)
			stopper := NewStopper()
			r.after = func(time.Duration, func()) *time.Timer {
				row.end(stopper)
				return time.NewTimer(time.Hour)
			}
			steps := []model.Step{retried("A", "exit 9", 3, nil), on(model.ConditionAlways, "B", ":")}
			run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: steps}}, w, stopper)
			want := []string{"A failed", "A skipped " + string(row.skip), "B skipped " + string(row.skip)}
			if got := ends(run); err != nil || !slices.Equal(got, want) || run.Status != row.status || run.ExitCode != row.exit {
				t.Errorf("%q, %s %d, %v; want %q", got, run.Status, run.ExitCode, err, want)
			}
			w.wantAttempts(t, run)
		})
	}
}
