package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// with returns a step that starts together with the one before it.
func with(name, body string) model.Step {
	return bashStep(name, body, func(o *model.Options) { o.Start = model.StartWithPrevious })
}

// meet is a script that ends once other scripts of the same number have begun, too.
func meet(w *world, name string, others ...string) string {
	body := fmt.Sprintf("touch '%s/%s'\n", w.dir, name)
	for _, other := range others {
		body += fmt.Sprintf("while [ ! -e '%s/%s' ]; do sleep 0.02; done\n", w.dir, other)
	}
	return body + "echo met\n"
}

func TestStepsThatStartTogether(t *testing.T) {
	for name, row := range map[string]struct {
		steps  func(w *world) []model.Step
		want   []string
		status model.Status
		exit   int
	}{
		"they meet": {func(w *world) []model.Step {
			return []model.Step{
				bashStep("A", meet(w, "a", "b", "c"), nil), with("B", meet(w, "b", "a", "c")), with("C", meet(w, "c", "a", "b")),
				bashStep("D", ":", nil),
			}
		}, []string{"A succeeded", "B succeeded", "C succeeded", "D succeeded"}, model.Succeeded, 0},
		"one fails, the other goes on": {func(w *world) []model.Step {
			return []model.Step{
				bashStep("A", meet(w, "a", "b")+"exit 6", nil), with("B", meet(w, "b", "a")+"sleep 0.1"), bashStep("C", ":", nil),
				on(model.ConditionFailure, "D", `[ "#{Octopus.Deployment.Error}" = "The script ended with exit code 6." ]`),
			}
		}, []string{"A failed", "B succeeded", "C skipped failed", "D succeeded"}, model.Failed, 6},
		"both fail, the first counts": {func(w *world) []model.Step {
			return []model.Step{bashStep("A", meet(w, "a", "b")+"sleep 0.1; exit 6", nil), with("B", meet(w, "b", "a")+"exit 7")}
		}, []string{"A failed", "B failed"}, model.Failed, 6},
		"conditions look at what came before all of them": {func(w *world) []model.Step {
			together := func(s model.Step) model.Step {
				s.Options.Start = model.StartWithPrevious
				return s
			}
			return []model.Step{
				bashStep("A", "exit 6", nil), together(on(model.ConditionFailure, "B", ":")), together(on(model.ConditionAlways, "C", ":")),
				on(model.ConditionFailure, "D", ":"), together(on(model.ConditionSuccess, "E", ":")),
			}
		}, []string{"A failed", "B skipped notfailed", "C succeeded", "D succeeded", "E skipped failed"}, model.Failed, 6},
		"outputs are for later steps": {func(w *world) []model.Step {
			return []model.Step{
				bashStep("A", "set_octopusvariable X a\n"+meet(w, "a", "b")+"[ -z \"$(get_octopusvariable X)\" ]", nil),
				with("B", meet(w, "b", "a")+"[ -z \"$(get_octopusvariable X)\" ] && set_octopusvariable X b"),
				bashStep("C", `[ "#{X}#{Octopus.Action[A].Output.X}#{Octopus.Action[B].Output.X}" = bab ]`, nil),
			}
		}, []string{"A succeeded", "B succeeded", "C succeeded"}, model.Succeeded, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, _ := newWorld(t)
			run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: row.steps(w)}}, w, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := ends(run); !slices.Equal(got, row.want) || run.Status != row.status || run.ExitCode != row.exit {
				t.Errorf("%q, %s %d\nwant %q, %s %d", got, run.Status, run.ExitCode, row.want, row.status, row.exit)
			}
			w.wantReasons(t, run)
			for _, s := range run.Steps {
				if log := w.logged(s.ID); strings.Contains(log, "met") && strings.Count(log, "met\n") != 1 {
					t.Errorf("the log of %s is %q", s.Step, log)
				}
			}
		})
	}
}

// Steps with all kinds of accounts ask AWS at the same time.
func TestStepsThatActAsSomebodyStartTogether(t *testing.T) {
	w, r, project := newWorld(t)
	for i := range project.Steps {
		project.Steps[i].Options.Start = model.StartWithPrevious
	}
	w.passed = func(name string) {
		if strings.HasPrefix(name, "telling of step ") {
			w.ahead.Add(int64(sessionReuse)) // each needs a new session
		}
	}
	project.Steps[2].Script.Body = "echo on\n"
	run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
	want := []string{"Packaged succeeded", "Instance succeeded", "Waits succeeded"}
	if got := ends(run); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v: %s", got, err, run.Message)
	}
}

// counting counts the steps that run at the same time.
type counting struct {
	*world
	running, most int
}

func (c *counting) StepStarted(step model.StepRun) {
	c.running++
	c.most = max(c.most, c.running)
	c.world.StepStarted(step)
}

func (c *counting) StepFinished(step model.StepRun) {
	c.running--
	c.world.StepFinished(step)
}

func TestOnlySoManyStepsRunTogether(t *testing.T) {
	w, r, _ := newWorld(t)
	var steps []model.Step
	for i := range maxTogether + 3 {
		steps = append(steps, with(fmt.Sprint("S", i), "sleep 0.05"))
	}
	c := &counting{world: w}
	run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: steps}}, c, nil)
	if err != nil || run.Status != model.Succeeded || c.most > maxTogether || c.most < 2 {
		t.Errorf("%s, %v; %d at once", run.Status, err, c.most)
	}
}

// A step's own time limit ends that step alone.
func TestATimeLimitEndsOneOfTheStepsThatRunTogether(t *testing.T) {
	w, r, _ := newWorld(t)
	var pass func()
	r.after = func(limit time.Duration, do func()) *time.Timer {
		if limit == time.Hour {
			pass = do
		}
		return time.NewTimer(time.Hour)
	}
	w.at = moment{name: "a script", nth: 1}
	w.interrupt = func() { pass() }
	limited := bashStep("A", meet(w, "a", "b")+"echo waiting\nwhile :; do sleep 0.02; done", func(o *model.Options) { o.Timeout = time.Hour })
	steps := []model.Step{limited, with("B", meet(w, "b", "a")+"sleep 0.1\necho done")}
	run, err := r.Run(t.Context(), Request{Project: model.Project{Name: "P", Steps: steps}}, w, nil)
	if got, want := ends(run), []string{"A timedout", "B succeeded"}; err != nil || !slices.Equal(got, want) || run.ExitCode != ExitTimedOut {
		t.Errorf("%q, %d, %v", got, run.ExitCode, err)
	}
}

// What is left out or disabled changes nothing in which steps run at the same time.
func TestGroupsAreThoseOfTheProcess(t *testing.T) {
	off := with("Off", ":")
	off.Enabled = false
	project := model.Project{Name: "P", Steps: []model.Step{
		with("A", ":"), with("B", ":"), bashStep("C", ":", nil), off, with("D", ":"), bashStep("E", ":", nil), with("F", ":"),
	}}
	for name, row := range map[string]struct {
		names []string
		want  string
	}{
		"all":                   {nil, "A B, C D, E F"},
		"without the first":     {[]string{"B", "C"}, "B, C"},
		"the second of each":    {[]string{"B", "D", "F"}, "B, D, F"},
		"one that is off, too":  {[]string{"C", "Off", "D"}, "C Off D"},
		"the last of two turns": {[]string{"D", "F", "E"}, "D, E F"},
	} {
		t.Run(name, func(t *testing.T) {
			chosen, err := chooseSteps(project, row.names)
			if err != nil {
				t.Fatal(err)
			}
			got := chosen[0].step.Name
			for i, c := range chosen[1:] {
				got += map[bool]string{true: " ", false: ", "}[c.group == chosen[i].group] + c.step.Name
			}
			if got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}
