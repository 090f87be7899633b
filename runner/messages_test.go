package runner

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestPercentages(t *testing.T) {
	for text, want := range map[string]int{
		"0": 0, "62": 62, " 62 ": 62, "62%": 62, "62 %": 62, "62.9": 62, "99.99": 99, "100": 100, "1e1": 10, "+5": 5,
		"150": 100, "100.4": 100, "99999999999999999999": 100, "-1": 0, "-0.5": 0, "-99999999999999999999": 0,
	} {
		if got, ok := percentage(text); got != want || !ok {
			t.Errorf("%q: %d, %t, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", " ", "abc", "%", "62 of 100", "6 2", "62,5", "NaN", "inf", "-Infinity", "1e999", "62%%", "٦٢"} {
		if got, ok := percentage(text); ok {
			t.Errorf("%q is taken as %d", text, got)
		}
	}
}

func TestProgressThatIsNoPercentage(t *testing.T) {
	w, r, project := newWorld(t)
	project.Steps = []model.Step{bashStep("A", "update_progress 40 before; update_progress abc odd; update_progress hunter2-hunter2", nil),
		bashStep("B", "update_progress abc odd", nil), bashStep("C", "update_progress 150 much", nil),
		bashStep("D", "update_progress -1 little", nil), bashStep("E", `echo "##octopus[progress message='eA==']"`, nil)}
	project.Steps[0].Script.Parameters = "#{Password}" // the secret is opened
	run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
	if err != nil || run.Status != model.Succeeded {
		t.Fatalf("%s, %v", run.Status, err)
	}
	none := model.Progress{Percent: -1}
	for i, want := range []model.Progress{{Percent: 40, Message: "before"}, none, {Percent: 100, Message: "much"}, {Message: "little"}, none} {
		if got := run.Steps[i].Progress; got != want {
			t.Errorf("step %s: %+v, want %+v", run.Steps[i].Step, got, want)
		}
	}
	for i, want := range map[int]string{0: `"abc"`, 1: `"abc"`, 4: `""`} {
		want = "The script reported the progress " + want + ", which is not a percentage. It was ignored."
		if log := w.logged(run.Steps[i].ID); !strings.Contains(log, want) {
			t.Errorf("step %s says %q", run.Steps[i].Step, log)
		}
	}
	if log := w.logged(run.Steps[0].ID); strings.Contains(log, "hunter2") {
		t.Errorf("a secret is shown: %q", log)
	}
}

// TestOutputsThatAreIgnored: the step ends with a warning, since something that later steps may need is missing.
func TestOutputsThatAreIgnored(t *testing.T) {
	w, r, project := newWorld(t)
	project.Steps = []model.Step{bashStep("A", "set_octopusvariable '' x 2> /dev/null; echo \"##octopus[setVariable value='eA==']\"", nil),
		bashStep("B", "set_octopusvariable $'a\\x1bb' x", nil), bashStep("C", "set_octopusvariable a x", nil)}
	run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
	if err != nil || run.Status != model.Warning {
		t.Fatalf("%s, %v", run.Status, err)
	}
	for i, want := range []string{
		"2 output variables of the script could not be set. The log says why.",
		"1 output variable of the script could not be set. The log says why.", "",
	} {
		if s := run.Steps[i]; s.Message != want || (s.Status == model.Warning) != (want != "") {
			t.Errorf("step %s: %s, %q", s.Step, s.Status, s.Message)
		}
	}
}
