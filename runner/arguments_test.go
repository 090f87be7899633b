package runner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// declaring are the parameters that a script is known to declare.
type declaring []model.Parameter

func (d declaring) Known(model.Language, string) ([]model.Parameter, bool) { return d, true }

// argued returns the plan of a PowerShell step with arguments.
func argued(t *testing.T, r resolver, declared []model.Parameter, list []model.Argument) StepPlan {
	t.Helper()
	var err error
	if r.vars, err = newValues(t.Context(), textVariables("Days", "1.5", "Empty", "", "Bad", "31"), "", nil, hide); err != nil {
		t.Fatal(err)
	}
	r.parameters = declaring(declared)
	sp := StepPlan{Step: model.NewStep("S"), Language: model.PowerShell}
	sp.Step.Script.Arguments = list
	sp.Arguments = r.arguments(&sp)
	return sp
}

func TestArgumentsAreCheckedBeforeARun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	declared := []model.Parameter{
		{Name: "Days", Aliases: []string{"d"}, Control: model.ControlNumber, Rounds: true, Min: "1", Max: "30"},
		{Name: "Code", Control: model.ControlText, Pattern: `(?i)^a\d$`},
		{Name: "Slow", Control: model.ControlText, Pattern: `(`},
		{Name: "From", Control: model.ControlFile},
		{Name: "Name", Aliases: []string{"n"}, Control: model.ControlText, Mandatory: true},
	}
	const whole, first, second = "script.arguments", "script.arguments[0].value", "script.arguments[1].value"
	type arg struct{ name, value string }
	for name, tt := range map[string]struct {
		list   []arg
		r      resolver
		want   string // of the only problem
		field  string
		notice string
	}{
		"nothing at all":            {nil, resolver{}, "can't run without its parameter Name", whole, ""},
		"what is mandatory, empty":  {[]arg{{"Name", "#{Empty}"}}, resolver{}, "parameter Name", first, ""},
		"its alias":                 {[]arg{{"N", "x"}}, resolver{}, "", "", ""},
		"its alias, empty":          {[]arg{{"n", ""}}, resolver{}, "parameter Name", first, ""},
		"both":                      {[]arg{{"n", "x"}, {"Name", "y"}}, resolver{}, `"n" and "Name" are the same`, second, ""},
		"both, one empty":           {[]arg{{"n", ""}, {"Name", "y"}}, resolver{}, "", "", ""},
		"a fraction":                {[]arg{{"Name", "x"}, {"d", "#{Days}"}}, resolver{}, "", "", "PowerShell rounds 1.5 to 2."},
		"a value beyond its limits": {[]arg{{"Name", "x"}, {"d", "#{Bad}"}}, resolver{}, "31 is outside", second, ""},
		"what the pattern wants":    {[]arg{{"Name", "x"}, {"Code", "A1"}}, resolver{}, "", "", ""},
		"what it does not want":     {[]arg{{"Name", "x"}, {"Code", "b1"}}, resolver{}, `pattern ^a\d$`, second, ""},
		"a pattern that is none":    {[]arg{{"Name", "x"}, {"Slow", "b1"}}, resolver{}, "", "", ""},
		"a file":                    {[]arg{{"Name", "x"}, {"From", file}}, resolver{}, "", "", ""},
		"no file":                   {[]arg{{"Name", "x"}, {"From", file + "s"}}, resolver{}, "There is no file", second, ""},
		"a file that an earlier step may make": {
			[]arg{{"Name", "x"}, {"From", file + "s"}}, resolver{earlier: []model.Step{{}}}, "", "", "",
		},
		"a file that no earlier step has made": {
			[]arg{{"Name", "x"}, {"From", file + "s"}}, resolver{earlier: []model.Step{{}}, final: true}, "There is no file",
			second, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var list []model.Argument
			for _, a := range tt.list {
				list = append(list, model.Argument{Name: a.name, Value: a.value, As: model.ArgumentText})
			}
			sp := argued(t, tt.r, declared, list)
			switch {
			case tt.want == "" && len(sp.Problems) > 0, tt.want != "" && len(sp.Problems) != 1:
				t.Errorf("the problems are %v, want %q", sp.Problems, tt.want)
			case tt.want != "" && (sp.Problems[0].Field != tt.field || !strings.Contains(sp.Problems[0].Err.Error(), tt.want)):
				t.Errorf("at %s: %v, want %q at %s", sp.Problems[0].Field, sp.Problems[0].Err, tt.want, tt.field)
			}
			if told := strings.Join(sp.Notices, " "); (told == "") != (tt.notice == "") || !strings.HasSuffix(told, tt.notice) {
				t.Errorf("the notices are %q, want %q", sp.Notices, tt.notice)
			}
		})
	}
}
