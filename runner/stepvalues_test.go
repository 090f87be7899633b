package runner

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// TestAValueThatAScriptCanNotHave refuses only the steps that read it: Bash can't store NUL, nor can an environment variable.
func TestAValueThatAScriptCanNotHave(t *testing.T) {
	const sets = "echo \"##octopus[setVariable name='WA==' value='YQBi']\"\n" // X is a, NUL, b
	long := strings.Repeat("x", model.MaxEnvValue) + "#{Octopus.Action[A].Output.N}"
	for name, row := range map[string]struct {
		env    string // the value of the project's environment variable E
		own    bool   // it is the step's
		script string
		says   string // empty: the step is refused
	}{
		"nothing reads it":          {script: "echo fine", says: `The script does not get the variable "X"`},
		"the script reads it":       {script: "get_octopusvariable X"},
		"a value leads to it":       {script: "get_octopusvariable Y"},
		"an environment variable":   {env: "#{X}", script: "echo fine", says: "The script does not get the environment variable E"},
		"one that is too long":      {env: long, script: "echo fine", says: "E: "},
		"one that the script names": {env: "#{X}", script: "echo $E"},
		"one of the step's own":     {env: "#{X}", own: true, script: "echo fine"},
	} {
		t.Run(name, func(t *testing.T) {
			w, r, project := newWorld(t)
			project.Steps = []model.Step{bashStep("A", sets+"set_octopusvariable N n", nil), bashStep("B", row.script, nil)}
			project.Variables = append(project.Variables, model.Variable{Name: "Y", Type: model.TypeText, Value: "<#{X}>"})
			if env := []model.EnvVar{{Name: "E", Value: row.env}}; row.own {
				project.Steps[1].EnvVars = env
			} else if row.env != "" {
				project.EnvVars = env
				project.Steps[0].EnvVars = []model.EnvVar{{Name: "E", Value: "first"}}
			}
			run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := model.Warning
			if row.says == "" {
				want = model.Failed
			}
			if b := run.Steps[1]; b.Status != want || !strings.Contains(w.logged(b.ID), row.says) {
				t.Errorf("%s: %q, %q", b.Status, b.Message, w.logged(b.ID))
			}
		})
	}
}
