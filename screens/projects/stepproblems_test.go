package projects

import (
	"strconv"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// The list of steps marks what keeps a step from being run: an account or a package that is not here, too.
func TestProblemsOfSteps(t *testing.T) {
	variable := func(value string, scope ...string) model.Variable {
		return model.Variable{Name: "acct", Type: model.TypeAWSAccount, Value: value, Scope: scope}
	}
	packaged := func(name string, further ...string) model.Script {
		s := model.Script{Source: model.SourcePackage, Package: name, File: "a.sh"}
		for i, f := range further {
			s.Packages = append(s.Packages, model.ScriptPackage{Name: "P" + strconv.Itoa(i), Package: f})
		}
		return s
	}
	text := model.Script{Source: model.SourceInline, Language: model.Bash, Body: "true"}
	for name, tt := range map[string]struct {
		account   string
		variables []model.Variable
		script    model.Script
		want      int
	}{
		"complete":                    {"acct", []model.Variable{variable("Key")}, text, 0},
		"no account at all":           {model.NoAccount, nil, text, 0},
		"no account chosen":           {"", nil, text, 1},
		"a variable without one":      {"acct", []model.Variable{variable("")}, text, 1},
		"an account that is not here": {"acct", []model.Variable{variable("Gone")}, text, 1},
		"no variable":                 {"acct", nil, text, 1},
		"another type":                {"acct", []model.Variable{{Name: "acct", Type: model.TypeText, Value: "Key"}}, text, 1},
		"an expression":               {"#{acct}", []model.Variable{variable("Key")}, text, 0},
		"an expression as its value":  {"acct", []model.Variable{variable("#{Of.Run}")}, text, 0},
		"in another environment":      {"acct", []model.Variable{variable("Key", "Test"), variable("", "Production")}, text, 0},
		"in this environment":         {"acct", []model.Variable{variable("", "Test"), variable("Key", "Production")}, text, 1},
		"a package":                   {model.NoAccount, nil, packaged("tools"), 0},
		"a package that is not here":  {model.NoAccount, nil, packaged("Gone"), 1},
		"further packages":            {model.NoAccount, nil, packaged("Tools", "Tools", "Gone", "#{Of.Run}"), 1},
		"no package":                  {model.NoAccount, nil, packaged(""), 1},
	} {
		t.Run(name, func(t *testing.T) {
			lib := choices{accounts: []model.Account{{Name: "Key"}}, packages: []model.Package{{Name: "Tools"}}}
			p := &process{pageDeps: pageDeps{lib: &lib, environment: func() string { return "Test" }}}
			s := model.NewStep("S")
			s.AWS, s.Script = model.StepAWS{Account: tt.account, Region: "eu-west-1"}, tt.script
			project := model.Project{Name: "P", Environments: []string{"Test", "Production"}, Variables: tt.variables}
			if tt.account == model.NoAccount {
				s.AWS.Region = ""
			}
			if got := p.problems(project, s); got != tt.want {
				t.Errorf("%d problems, want %d", got, tt.want)
			}
		})
	}
}
