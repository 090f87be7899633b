package runner_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// asked is the table's form of a prompt: the step if its title names it, the step, the name, the value without an answer, and ! if an
// answer is required.
func asked(q runner.Prompt) string {
	text := q.Step + "/" + q.Variable.Name + "=" + q.Variable.Value
	if q.NamesStep {
		text = q.Step + ": " + text
	}
	if q.Required {
		text += "!"
	}
	return text
}

func TestPrompts(t *testing.T) {
	prompt := func(v model.Variable) model.Variable { v.Prompt = &model.Prompt{Control: model.ControlText}; return v }
	must := func(v model.Variable) model.Variable {
		v.Prompt = &model.Prompt{Control: model.ControlText, Required: true}
		return v
	}
	labelled := func(label string, v model.Variable) model.Variable {
		v.Prompt = &model.Prompt{Control: model.ControlText, Label: label}
		return v
	}
	step := func(name string, values ...model.Variable) model.Step {
		s := model.NewStep(name)
		s.Values = values
		return s
	}
	v := func(name, value string, scope ...string) model.Variable {
		return model.Variable{Name: name, Type: model.TypeText, Value: value, Scope: scope}
	}
	off := step("Off", prompt(v("D", "")))
	off.Enabled = false
	set := model.Variable{Name: "Key", Type: model.TypeSensitive, ValueSet: true}
	type row struct {
		variables   []model.Variable
		steps       []model.Step
		environment string
		chosen      []string
		given       []model.Given
		want        []string
	}
	two := []model.Step{step("A"), step("B")}
	for name, tt := range map[string]row{
		"none":                              {variables: []model.Variable{v("V", "x")}, want: nil},
		"of the project":                    {variables: []model.Variable{prompt(v("V", "x"))}, want: []string{"/V=x"}},
		"of a step":                         {steps: []model.Step{step("A", prompt(v("V", "x")))}, want: []string{"A/V=x"}},
		"of a step that is not chosen":      {steps: []model.Step{step("A", prompt(v("V", ""))), step("B")}, chosen: []string{"b"}, want: nil},
		"of a step that is off":             {steps: []model.Step{step("A"), off}, want: nil},
		"of a step that is off, but chosen": {steps: []model.Step{step("A"), off}, chosen: []string{"Off"}, want: []string{"Off/D="}},
		"required":                          {variables: []model.Variable{must(v("V", "")), must(v("W", "x"))}, want: []string{"/V=!", "/W=x"}},
		"required and in the vault":         {variables: []model.Variable{must(set)}, want: []string{"/Key="}},
		"given": {variables: []model.Variable{must(v("V", ""))}, given: []model.Given{model.NewGiven(" v", "1")},
			want: nil},
		"given without a value": {variables: []model.Variable{must(v("V", ""))}, given: []model.Given{{Name: "V"}},
			want: []string{"/V=!"}},
		"given as nothing":    {variables: []model.Variable{prompt(v("V", "x"))}, given: []model.Given{{Name: "V"}}, want: nil},
		"another environment": {variables: []model.Variable{prompt(v("V", "x", "Prod"))}, environment: "Test", want: nil},
		"the scoped one wins": {variables: []model.Variable{prompt(v("V", "scoped", "test")), prompt(v("V", "x"))},
			environment: "Test", want: []string{"/V=scoped"}},
		"the scoped one wins, last": {variables: []model.Variable{prompt(v("V", "x")), prompt(v("v", "scoped", "test"))},
			environment: "Test", want: []string{"/v=scoped"}},
		"the scoped one asks for nothing": {variables: []model.Variable{prompt(v("V", "x")), v("V", "scoped", "Test")}, environment: "Test",
			want: nil},
		"a step's own wins": {variables: []model.Variable{prompt(v("V", "x"))},
			steps: []model.Step{step("A", v("v", "own")), step("B", v("V", "own"))}, want: nil},
		"a step's own wins there alone": {
			variables: []model.Variable{prompt(v("V", "x"))}, steps: []model.Step{step("A", v("V", "own")), step("B")}, want: []string{"/V=x"},
		},
		"a step's own is another question": {
			variables: []model.Variable{prompt(v("V", "x"))}, steps: []model.Step{step("A", prompt(v("v", "own"))), step("B")},
			want: []string{"/V=x", "A: A/v=own"},
		},
		"one of them is required": {
			variables: []model.Variable{prompt(v("V", "x"))}, steps: []model.Step{step("A", must(v("v", ""))), step("B")},
			want: []string{"/V=x", "A: A/v=!"},
		},
		"of two steps": {
			steps: []model.Step{step("A", prompt(v("V", "a"))), step("B", prompt(v("V", "b")))}, want: []string{"A: A/V=a", "B: B/V=b"},
		},
		"of two steps, one of which is given": {
			steps: []model.Step{step("A", prompt(v("V", "a"))), step("B", prompt(v("V", "b")))}, want: []string{"B: B/V=b"},
			given: []model.Given{model.NewGiven("a/v", "x")},
		},
		"of a step beside one that asks for nothing": {
			steps: []model.Step{step("A", prompt(v("V", "a"))), step("B", v("V", "b"))}, want: []string{"A: A/V=a"},
		},
		"of two steps that look the same": {
			steps: []model.Step{step("A", labelled("Bucket", v("V", ""))), step("B", labelled("bucket", v("W", "")))},
			want:  []string{"A: A/V=", "B: B/W="},
		},
		"the project's is given, not the step's": {
			variables: []model.Variable{prompt(v("V", "x"))}, steps: []model.Step{step("A", prompt(v("v", "own"))), step("B")},
			given: []model.Given{model.NewGiven("V", "1")}, want: []string{"A: A/v=own"},
		},
		"in order": {
			variables: []model.Variable{prompt(v("B", "")), prompt(v("A", ""))}, steps: []model.Step{step("S", prompt(v("C", ""))), step("T")},
			want: []string{"/B=", "/A=", "S/C="},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.steps == nil {
				tt.steps = two
			}
			p := model.Project{Name: "P", Variables: tt.variables, Steps: tt.steps}
			if tt.environment != "" {
				p.Environments = []string{"Prod", "Test"}
			}
			options := model.RunOptions{Environment: tt.environment, Steps: tt.chosen, Given: tt.given}
			list, err := runner.Prompts(runner.Request{Project: p, RunOptions: options})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, q := range list {
				got = append(got, asked(q))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("asked %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPromptsOfInvalidRequests(t *testing.T) {
	p := model.Project{Name: "P", Environments: []string{"Prod", "Test"}, Steps: []model.Step{model.NewStep("A")}}
	for name, tt := range map[string]struct {
		req  runner.Request
		code string
	}{
		"no environment": {runner.Request{Project: p}, "run.environment.missing"},
		"no such step": {
			runner.Request{Project: p, RunOptions: model.RunOptions{Environment: "test", Steps: []string{"B"}}}, "run.step.unknown",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := runner.Prompts(tt.req); model.ErrorCode(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
		})
	}
}

func TestAnswersMustBeOnesThatThePromptAccepts(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.txt")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		control model.ControlType
		answer  string
		code    string
	}{
		"a file":                   {model.ControlFile, file, ""},
		"a file that is not there": {model.ControlFile, filepath.Join(dir, "b.txt"), "run.value.file"},
		"a folder":                 {model.ControlFile, dir, "run.value.file"},
		"a checkbox":               {model.ControlCheckbox, "perhaps", "run.value.checkbox"},
		"a number":                 {model.ControlNumber, "12", ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := runner.Prompt{Variable: model.Variable{Name: "V", Type: model.TypeText, Prompt: &model.Prompt{Control: tt.control}}}
			if _, err := q.Accept(tt.answer); model.ErrorCode(err) != tt.code {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
	secret := runner.Prompt{Variable: model.Variable{Type: model.TypeSensitive, Prompt: &model.Prompt{Control: model.ControlNumber}}}
	if got, err := secret.Accept(" s3cret "); got != " s3cret " || err != nil {
		t.Errorf("a secret is accepted as %q, %v", got, err)
	}
}

// A value that the prompt itself would not accept has to be replaced.
func TestAValueThatThePromptDoesNotAcceptNeedsAnAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		prompt      model.Prompt
		value, last string
		required    bool
		preset      string
	}{
		"a number":                 {model.Prompt{Control: model.ControlNumber}, "3", "4", false, "3"},
		"not a number":             {model.Prompt{Control: model.ControlNumber}, "many", "4", true, "4"},
		"out of range":             {model.Prompt{Control: model.ControlNumber, Max: "2"}, "3", "", true, ""},
		"none":                     {model.Prompt{Control: model.ControlNumber}, "", "4", false, "4"},
		"an expression":            {model.Prompt{Control: model.ControlNumber}, "#{N}", "4", false, ""},
		"an expression as text":    {model.Prompt{Control: model.ControlText}, "#{N}", "4", false, "#{N}"},
		"no option":                {model.Prompt{Control: model.ControlSelect, Options: []string{"a"}}, "b", "a", true, "a"},
		"an empty checkbox":        {model.Prompt{Control: model.ControlCheckbox}, "", "True", false, "False"},
		"a checkbox as of Octopus": {model.Prompt{Control: model.ControlCheckbox}, "true", "False", false, "True"},
		"a checkbox with a word":   {model.Prompt{Control: model.ControlCheckbox}, "on", "", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := model.Variable{Name: "V", Type: model.TypeText, Value: tt.value, Prompt: &tt.prompt}
			p := model.Project{Name: "P", Variables: []model.Variable{v}, Steps: []model.Step{model.NewStep("S")}}
			list, err := runner.Prompts(runner.Request{Project: p})
			if err != nil || len(list) != 1 {
				t.Fatalf("%v, %v", list, err)
			}
			list[0].Last = tt.last
			if list[0].Required != tt.required || list[0].Preset() != tt.preset {
				t.Errorf("required %v, begins with %q; want %v, %q", list[0].Required, list[0].Preset(), tt.required, tt.preset)
			}
		})
	}
}
