package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// bashStep returns a step without an account that runs a Bash script.
func bashStep(name, body string, change func(*model.Options)) model.Step {
	s := model.NewStep(name)
	s.AWS.Account, s.Script.Body = model.NoAccount, body
	if change != nil {
		change(&s.Options)
	}
	return s
}

// on returns a step with a run condition.
func on(c model.Condition, name, body string) model.Step {
	return bashStep(name, body, func(o *model.Options) { o.Condition = c })
}

// when returns a step with an expression as its run condition.
func when(expression, name, body string) model.Step {
	return bashStep(name, body, func(o *model.Options) {
		o.Condition, o.ConditionExpression = model.ConditionVariable, expression
	})
}

// ends returns how each attempt at each step ended: its name, its status, and why it was skipped.
func ends(run model.Run) []string {
	var list []string
	for _, s := range run.Steps {
		text := s.Step + " " + string(s.Status)
		if s.Skip != "" {
			text += " " + string(s.Skip)
		}
		list = append(list, text)
	}
	return list
}

func TestRunConditions(t *testing.T) {
	const (
		success = model.ConditionSuccess
		failure = model.ConditionFailure
		always  = model.ConditionAlways
	)
	text := func(name, value string) model.Variable {
		return model.Variable{Name: name, Type: model.TypeText, Value: value}
	}
	variables := []model.Variable{text("Yes", "yes"), text("No", " No "), text("Zero", "0"), text("False", "FALSE"), text("Empty", "")}
	for name, row := range map[string]struct {
		steps  []model.Step
		want   []string
		status model.Status
		exit   int
	}{
		"all succeed": {
			[]model.Step{on(success, "A", ":"), on(failure, "B", ":"), on(always, "C", ":"), on(success, "D", ":")},
			[]string{"A succeeded", "B skipped notfailed", "C succeeded", "D succeeded"}, model.Succeeded, 0,
		},
		"the first fails": {
			[]model.Step{on(success, "A", "exit 7"), on(success, "B", ":"), on(failure, "C", ":"), on(always, "D", ":")},
			[]string{"A failed", "B skipped failed", "C succeeded", "D succeeded"}, model.Failed, 7,
		},
		"a step for failures fails too": {
			[]model.Step{on(success, "A", "exit 7"), on(failure, "B", "exit 8"), on(failure, "C", ":"), on(success, "D", ":")},
			[]string{"A failed", "B failed", "C succeeded", "D skipped failed"}, model.Failed, 7,
		},
		"a skipped step is no failure": {
			[]model.Step{on(failure, "A", ":"), on(success, "B", ":"), on(failure, "C", ":")},
			[]string{"A skipped notfailed", "B succeeded", "C skipped notfailed"}, model.Succeeded, 0,
		},
		"the last one fails": {
			[]model.Step{on(always, "A", ":"), on(failure, "B", ":"), on(always, "C", "exit 9")},
			[]string{"A succeeded", "B skipped notfailed", "C failed"}, model.Failed, 9,
		},
		"a warning is a success": {
			[]model.Step{on(success, "A", "echo oh >&2"), on(failure, "B", ":"), on(success, "C", ":")},
			[]string{"A warning", "B skipped notfailed", "C succeeded"}, model.Warning, 0,
		},
		"expressions": {
			[]model.Step{
				when("#{Yes}", "A", ":"), when("#{No}", "B", ":"), when("#{Zero}", "C", ":"), when("#{False}", "D", ":"),
				when("#{Empty}", "E", ":"), when("x#{Empty}", "F", ":"), when("true", "G", ":"), when("0.0", "H", ":"),
			},
			[]string{
				"A succeeded", "B skipped condition", "C skipped condition", "D skipped condition", "E skipped condition", "F succeeded",
				"G succeeded", "H succeeded",
			}, model.Succeeded, 0,
		},
		"an output of a step before": {
			[]model.Step{
				on(success, "A", "set_octopusvariable Go true\nset_octopusvariable Stay False"), when("#{Go}", "B", ":"), when("#{Stay}", "C", ":"),
				when("#{Octopus.Action[A].Output.Go}", "D", ":"),
			},
			[]string{"A succeeded", "B succeeded", "C skipped condition", "D succeeded"}, model.Succeeded, 0,
		},
		"an expression decides alone": {
			[]model.Step{on(success, "A", "exit 7"), when("#{Yes}", "B", ":"), when("#{No}", "C", ":")},
			[]string{"A failed", "B succeeded", "C skipped condition"}, model.Failed, 7,
		},
		"the error of the run, nothing failed": {
			[]model.Step{when("#{Octopus.Deployment.Error}", "A", ":"), on(success, "B", ":"), when("#{Octopus.Deployment.ErrorDetail}", "C", ":")},
			[]string{"A skipped condition", "B succeeded", "C skipped condition"}, model.Succeeded, 0,
		},
		"the error of the run": {
			[]model.Step{on(success, "A", "exit 7"), when("#{Octopus.Deployment.Error}", "B", ":")},
			[]string{"A failed", "B succeeded"}, model.Failed, 7,
		},
		"how a step ended": {
			[]model.Step{
				on(success, "A", "exit 7"), on(success, "B", ":"), when("#{Octopus.Step[A].Status.Error}", "C", ":"),
				on(always, "D", `[ "#{Octopus.Step[A].Status.Code} #{Octopus.Step[B].Status.Code} #{Octopus.Step[C].Status.Code}" = `+
					`"Failed Skipped Succeeded" ]`),
			},
			[]string{"A failed", "B skipped failed", "C succeeded", "D succeeded"}, model.Failed, 7,
		},
		"a name that an earlier step was to set": {
			[]model.Step{on(success, "A", ": Later"), when("#{Later}", "B", ":"), on(failure, "C", ":")},
			[]string{"A succeeded", "B failed", "C succeeded"}, model.Failed, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, _ := newWorld(t)
			run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Variables: variables, Steps: row.steps}}, w, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := ends(run); !slices.Equal(got, row.want) || run.Status != row.status || run.ExitCode != row.exit {
				t.Errorf("%q, %s %d\nwant %q, %s %d", got, run.Status, run.ExitCode, row.want, row.status, row.exit)
			}
			w.wantReasons(t, run)
		})
	}
}

// wantReasons compares what is recorded, reported and logged of each skipped step.
func (w *world) wantReasons(t *testing.T, run model.Run) {
	t.Helper()
	for i, s := range run.Steps {
		recorded, reported := w.runs[0].Steps[i], w.steps[s.Number]
		if recorded.Skip != s.Skip || reported.Skip != s.Skip || recorded.Status != s.Status || reported.Status != s.Status {
			t.Errorf("%s: recorded %s %q, reported %s %q", s.Step, recorded.Status, recorded.Skip, reported.Status, reported.Skip)
		}
		if s.Status != model.Skipped {
			continue
		}
		if !strings.HasPrefix(s.Message, "Not run, because ") || w.logged(s.ID) != s.Message+"\n" || s.Lines != 1 {
			t.Errorf("%s says %q, its log of %d lines %q", s.Step, s.Message, s.Lines, w.logged(s.ID))
		}
	}
}

// A name that nothing can set refuses the run before its first script.
func TestAnUnresolvedConditionRefusesTheRun(t *testing.T) {
	w, r, _ := newWorld(t)
	project := model.Project{Name: "P", Steps: []model.Step{
		bashStep("A", "touch '"+w.open+"'", nil), when("#{Depoly}", "B", ":"),
	}}
	run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
	if err != nil || run.ExitCode != ExitRefused || !strings.Contains(run.Message, "Depoly") {
		t.Errorf("%+v, %v", run, err)
	}
	if got, want := ends(run), []string{"A skipped refused", "B failed"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What failed reaches the scripts that are run because of it.
func TestTheErrorOfARunReachesScripts(t *testing.T) {
	w, r, _ := newWorld(t)
	project := model.Project{Name: "P", Steps: []model.Step{
		on(model.ConditionSuccess, "First", `echo "[#{Octopus.Deployment.Error}]$(get_octopusvariable Octopus.Deployment.ErrorDetail)"; exit 4`),
		on(model.ConditionFailure, "Second", `fail_step 'no such stack'`),
		on(model.ConditionFailure, "Third", `echo "#{Octopus.Deployment.Error}"; get_octopusvariable Octopus.Deployment.ErrorDetail`),
	}}
	run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
	if err != nil || run.ExitCode != 4 {
		t.Fatalf("%+v, %v", run, err)
	}
	if got := w.logged(run.Steps[0].ID); !strings.HasSuffix(got, "[]\n") {
		t.Errorf("before any failure it is %q", got)
	}
	want := "The script ended with exit code 4.\nStep 1 \"First\": failed, exit code 4. The script ended with exit code 4.\n" +
		"Step 2 \"Second\": failed, exit code 1. no such stack"
	if got := w.logged(run.Steps[2].ID); !strings.HasSuffix(strings.TrimSpace(got), "\n"+want) {
		t.Errorf("after two failures it is\n%s\nwant\n%s", got, want)
	}
}

// A step's own time limit fails the step; the run's ends the run.
func TestTimeLimitsAndConditions(t *testing.T) {
	for name, row := range map[string]struct {
		ofRun bool
		want  []string
	}{
		"of the step": {false, []string{"Waits timedout", "B skipped failed", "C succeeded", "D succeeded"}},
		"of the run":  {true, []string{"Waits timedout", "B skipped timedout", "C skipped timedout", "D skipped timedout"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, r, _ := newWorld(t)
			req := Request{Project: model.Project{Name: "P", Steps: []model.Step{
				bashStep("Waits", "echo waiting\nwhile :; do sleep 0.02; done", func(o *model.Options) { o.Timeout = time.Hour }),
				on(model.ConditionSuccess, "B", ":"), on(model.ConditionFailure, "C", ":"), on(model.ConditionAlways, "D", ":"),
			}}}
			if row.ofRun {
				req.Timeout = 2 * time.Hour
			}
			limits := map[time.Duration]func(){}
			r.after = func(limit time.Duration, pass func()) *time.Timer {
				limits[limit] = pass
				return time.NewTimer(time.Hour)
			}
			w.at = moment{name: "a script", nth: 1}
			w.interrupt = func() { limits[max(req.Timeout, time.Hour)]() }
			run, err := r.Run(t.Context(), req, w, nil)
			if got := ends(run); err != nil || !slices.Equal(got, row.want) || run.Status != model.TimedOut || run.ExitCode != ExitTimedOut {
				t.Errorf("%q, %s %d, %v; want %q", got, run.Status, run.ExitCode, err, row.want)
			}
			w.wantReasons(t, run)
		})
	}
}

// After a stop nothing more runs, whatever its run condition says.
func TestAStopSkipsWhateverFollows(t *testing.T) {
	w, r, _ := newWorld(t)
	stopper := NewStopper()
	w.at, w.interrupt = moment{name: "a script", nth: 1}, stopper.Stop
	project := model.Project{Name: "P", Steps: []model.Step{
		bashStep("A", "exit 3", nil), on(model.ConditionFailure, "Waits", "echo waiting\nwhile :; do sleep 0.02; done"),
		on(model.ConditionAlways, "C", ":"), on(model.ConditionFailure, "D", ":"),
	}}
	run, err := r.Run(t.Context(), Request{Project: project}, w, stopper)
	want := []string{"A failed", "Waits stopped", "C skipped stopped", "D skipped stopped"}
	if got := ends(run); err != nil || !slices.Equal(got, want) || run.Status != model.Stopped || run.ExitCode != ExitStopped {
		t.Errorf("%q, %s %d, %v; want %q", got, run.Status, run.ExitCode, err, want)
	}
	w.wantReasons(t, run)
}

func TestChosenSteps(t *testing.T) {
	off := bashStep("Off", ":", func(o *model.Options) { o.Required = true })
	off.Enabled = false
	steps := []model.Step{
		bashStep("A", ":", nil), bashStep("Must", ":", func(o *model.Options) { o.Required = true }), off,
		on(model.ConditionFailure, "Undo", ":"), when("#{Never}", "Maybe", ":"),
	}
	variables := []model.Variable{{Name: "Never", Type: model.TypeText, Value: "no"}}
	for name, row := range map[string]struct{ chosen, want []string }{
		"none":             {nil, []string{"A succeeded", "Must succeeded", "Undo skipped notfailed", "Maybe skipped condition"}},
		"one":              {[]string{"A"}, []string{"A succeeded", "Must succeeded"}},
		"the required one": {[]string{"Must"}, []string{"Must succeeded"}},
		"one for failures": {[]string{"Undo"}, []string{"Must succeeded", "Undo succeeded"}},
		"one that is off":  {[]string{"Off"}, []string{"Must succeeded", "Off succeeded"}},
		"one with an expression": {
			[]string{"Maybe"}, []string{"Must succeeded", "Maybe succeeded"},
		},
		"two": {
			[]string{"Maybe", "Undo"}, []string{"Must succeeded", "Undo skipped notfailed", "Maybe skipped condition"},
		},
		"all": {
			[]string{"A", "Must", "Undo", "Maybe"}, []string{"A succeeded", "Must succeeded", "Undo skipped notfailed", "Maybe skipped condition"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, r, _ := newWorld(t)
			req := Request{Project: model.Project{Name: "P", Steps: steps, Variables: variables}}
			req.Steps = row.chosen
			run, err := r.Run(t.Context(), req, w, nil)
			if got := ends(run); err != nil || !slices.Equal(got, row.want) {
				t.Errorf("%q, %v; want %q", got, err, row.want)
			}
		})
	}
}

// The plan says why a step is in the run, and of one that is alone that its condition counts for nothing.
func TestThePlanSaysWhyAStepRuns(t *testing.T) {
	_, r, _ := newWorld(t)
	req := Request{Project: model.Project{Name: "P", Steps: []model.Step{
		bashStep("Must", ":", func(o *model.Options) { o.Required = true }), when("#{Unknown}", "Maybe", ":"),
	}}}
	req.Steps = []string{"Maybe"}
	plan, err := r.Plan(t.Context(), req)
	if err != nil || len(plan.Refused()) > 0 {
		t.Fatalf("%v, %v", plan.Refused(), err)
	}
	for i, want := range []string{"required", "alone"} {
		if got := fmt.Sprint(plan.Steps[i].Notices); !strings.Contains(got, want) {
			t.Errorf("step %d: %s", i+1, got)
		}
	}
}
