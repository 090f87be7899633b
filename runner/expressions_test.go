package runner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// resolved returns the plan of a step with a script, after the steps before it.
func resolved(t *testing.T, project model.Project, script string, earlier ...model.Step) StepPlan {
	t.Helper()
	v, err := newValues(t.Context(), project, "", nil, hide)
	if err != nil {
		t.Fatal(err)
	}
	sp := StepPlan{Step: model.NewStep("S"), Language: model.Bash}
	sp.Step.Script.Body = script
	r := resolver{vars: v, earlier: earlier, usesOf: octopus.Find, uses: func() octopus.Uses { return octopus.Find(model.Bash, script) }}
	sp.Script = r.text(&sp, "the script", script)
	sp.Variables, _ = r.variables(&sp)
	return sp
}

func textVariables(pairs ...string) model.Project {
	var p model.Project
	for i := 0; i < len(pairs); i += 2 {
		p.Variables = append(p.Variables, model.Variable{Name: pairs[i], Type: model.TypeText, Value: pairs[i+1]})
	}
	return p
}

// TestUndefinedNamesInValues: a script that reads a variable is warned of what its value leaves open, once.
func TestUndefinedNamesInValues(t *testing.T) {
	project := textVariables("Greeting", "Hello\n#{Octopus.Environment.Name}", "Other", "#{Nowhere}", "Bad", "#{if A && B}", "Filter",
		"#{Plain | Nope}", "Plain", "x")
	const undefined = `the name "Octopus.Environment.Name" is not defined, so #{Octopus.Environment.Name} is left as it is.`
	for script, want := range map[string][]string{
		"get_octopusvariable Greeting": {`the value of the variable "Greeting", line 2: ` + undefined},
		"\necho #{Greeting}":           {"the script, line 2: " + undefined + ` It is in the value of the variable "Greeting".`},
		"get_octopusvariable Bad": {
			`the value of the variable "Bad", line 1: "#{if A && B}" is not an expression and is left as it is. Write ##{ if it is meant literally.`,
		},
		"get_octopusvariable Filter": {
			`the value of the variable "Filter", line 1: #{Plain | Nope} is left as it is: there is no filter called Nope.`,
		},
		"echo nothing": nil,
		"echo 1\n#{if A &&}\n#{/if}": {
			`the script, line 2: "#{if A &&}" is not an expression and is left as it is. Write ##{ if it is meant literally.`,
		},
		"#{Plain | Truncat 3}": {
			`the script, line 1: #{Plain | Truncat "3"} is left as it is: there is no filter called Truncat; did you mean Truncate?`,
		},
	} {
		sp := resolved(t, project, script)
		if len(sp.Problems) > 0 || !slices.Equal(sp.Warnings, want) {
			t.Errorf("%q: problems %v, warnings %q, want %q", script, sp.Problems, sp.Warnings, want)
		}
	}
}

// TestVariablesThatCannotBeResolved: they refuse a step that reads them, and no other.
func TestVariablesThatCannotBeResolved(t *testing.T) {
	project := textVariables("Loop1", "#{Loop2}", "Loop2", "#{Loop1}", "Decoded", "#{Raw | FromBase64}", "Raw", "?", "Uses", "<#{Decoded}>",
		"Fine", "ok")
	for script, code := range map[string]string{
		"echo #{Fine}":                "",
		"get_octopusvariable Fine":    "",
		"get_octopusvariable Loop1":   "variable.expression",
		"get_octopusvariable Decoded": "variable.expression",
		"get_octopusvariable Uses":    "variable.expression",
		"echo #{Decoded}":             "script.expression",
	} {
		sp := resolved(t, project, script)
		var names []string
		for _, v := range sp.Variables {
			names = append(names, v.Name)
		}
		if !slices.Equal(names, []string{"Fine", "Raw"}) {
			t.Errorf("%q gets %q", script, names)
		}
		if code == "" {
			if len(sp.Problems) > 0 || len(sp.Notices) != 4 ||
				!strings.Contains(strings.Join(sp.Notices, "\n"), `"Loop1" can't be resolved, and the script does not get it`) {
				t.Errorf("%q: %v, %q", script, sp.Problems, sp.Notices)
			}
			continue
		}
		if len(sp.Problems) == 0 || model.ErrorCode(sp.Problems[0].Err) != code {
			t.Errorf("%q: %v, want %s", script, sp.Problems, code)
		}
	}
}

// TestConditionsOnOutputs: a field that depends on whether an earlier step has set something is not known before that step has run,
// and a secret that is missing is not taken as empty.
func TestConditionsOnOutputs(t *testing.T) {
	project := textVariables("Empty", "")
	project.Variables = append(project.Variables, model.Variable{Name: "Secret", Type: model.TypeSensitive})
	build := model.NewStep("Build")
	for _, c := range []struct {
		region, want, code string
		late               bool
	}{
		{region: "#{if Octopus.Action[Build].Output.Far}us-east-1#{else}eu-west-1#{/if}", late: true},
		{region: "#{if Octopus.Action[Other].Output.Far}us-east-1#{else}eu-west-1#{/if}", want: "eu-west-1"},
		{region: "#{unless Nowhere}eu-west-1#{/unless}", want: "eu-west-1"},
		{region: "#{if Secret}us-east-1#{else}eu-west-1#{/if}", code: "variable.secret.missing"},
		{region: "#{Empty | Append EU-west-1 | ToLower}", want: "eu-west-1"},
		{region: "#{Empty | Nope}", code: "field.expression"},
		{region: `#{if Empty == "}x#{/if}`, code: "field.undefined"},
	} {
		v, err := newValues(t.Context(), project, "", nil, hide)
		if err != nil {
			t.Fatal(err)
		}
		sp := StepPlan{Step: model.NewStep("S")}
		got := resolver{vars: v, earlier: []model.Step{build}, usesOf: octopus.Find}.field(&sp, "aws.region", c.region, model.CheckRegion)
		code := ""
		if len(sp.Problems) > 0 {
			code = model.ErrorCode(sp.Problems[0].Err)
		}
		if got != c.want || sp.Late != c.late || code != c.code {
			t.Errorf("%s: %q, late %t, %v", c.region, got, sp.Late, sp.Problems)
		}
	}
}

// TestClockOfASteps: what depends on the time is resolved when the step runs.
func TestClockOfASteps(t *testing.T) {
	project := textVariables("Stamp", "#{ | NowDateUtc yyyy}")
	for _, script := range []string{"echo #{ | NowDate}", "get_octopusvariable Stamp"} {
		if sp := resolved(t, project, script); !sp.later || len(sp.Warnings) > 0 {
			t.Errorf("%q: later %t, %q", script, sp.later, sp.Warnings)
		}
	}
	v, err := newValues(t.Context(), project, "", nil, hide)
	if err != nil {
		t.Fatal(err)
	}
	budget := substitute.NewBudget()
	budget.Now = time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	if res, err := v.with(t.Context(), layer{}, budget, substitute.NewBudget()).write("#{Stamp}"); err != nil || res.Text != "2031" {
		t.Errorf("%q, %v", res.Text, err)
	}
}

func TestExpressionNotes(t *testing.T) {
	p := textVariables("V", "x\n#{V | Nope}")
	p.Variables = append(p.Variables, model.Variable{Name: "S", Type: model.TypeSensitive, Value: "#{"})
	step := model.NewStep("Deploy")
	step.Script.Body, step.Script.Parameters = "echo #{V}\n# see #{*}", "#{if V}#{elseif V == 'no'}x#{/if}"
	p.Steps = []model.Step{step}
	want := []string{
		`The value of the variable "V", line 2: #{V | Nope} is left as it is: there is no filter called Nope.`,
		`The script of the step "Deploy", line 2: "#{*}" is not an expression and is left as it is. Write ##{ if it is meant literally.`,
		`The parameters of the step "Deploy", line 1: "#{if V}#{elseif V == 'no'}x#{/if}" is not an expression and is left as it is: ` +
			`a text in an expression needs double quotes, such as "no", not single ones.`,
	}
	if got := ExpressionNotes(p); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
