package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

func TestWhichValueWins(t *testing.T) {
	project := model.Project{
		Environments: []string{"Staging", "Production"},
		Variables: []model.Variable{
			{Name: "V", Type: model.TypeText, Value: "unscoped"},
			{Name: "V", Type: model.TypeText, Value: "scoped", Scope: []string{"Production"}},
		},
	}
	step := model.Step{Name: "S", Values: []model.Variable{{Name: "v", Type: model.TypeText, Value: "step"}}}
	tests := map[string]struct {
		environment string
		output      bool
		ofStep      bool
		given       []model.Given
		want        string
	}{
		"unscoped":                     {environment: "Staging", want: "unscoped"},
		"scoped beats unscoped":        {environment: "production", want: "scoped"},
		"output beats the project":     {environment: "Production", output: true, want: "output"},
		"the step's own beats outputs": {environment: "Production", output: true, ofStep: true, want: "step"},
		"given at the run beats outputs": {
			environment: "Production", output: true, given: []model.Given{model.NewGiven("V", "given")}, want: "given",
		},
		"the step's own beats what is given to the project": {
			environment: "Production", output: true, ofStep: true, given: []model.Given{model.NewGiven("V", "given")}, want: "step",
		},
		"given to the step": {
			ofStep: true, given: []model.Given{model.GivenTo(model.ValueName{Step: step.Name, Name: "V"}, "given")}, want: "given",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := newValues(t.Context(), project, tt.environment, tt.given, hide)
			if err != nil {
				t.Fatal(err)
			}
			if tt.output {
				v.setOutput("Before", model.Output{Name: "V", Value: "output"})
			}
			if tt.ofStep {
				own, err := v.ownLayer(t.Context(), step, hide)
				if err != nil {
					t.Fatal(err)
				}
				v = v.with(t.Context(), own, substitute.NewBudget(), substitute.NewBudget())
			}
			if got, _, _ := v.Lookup("V"); got != tt.want {
				t.Errorf("V is %q, want %q", got, tt.want)
			}
		})
	}
}

// What a plan shows never holds a sensitive value, nor one that is made from it.
func TestPlansHideSensitiveValues(t *testing.T) {
	opened := false
	project := model.Project{Variables: []model.Variable{
		{ID: "1", Name: "Password", Type: model.TypeSensitive, ValueSet: true},
		{Name: "Uses", Type: model.TypeText, Value: "pw=#{Password}"},
		{ID: "2", Name: "Missing", Type: model.TypeSensitive},
	}}
	v, err := newValues(t.Context(), project, "", nil, func(context.Context, model.SecretRef) (string, bool, error) {
		opened = true
		return "hunter2", true, nil
	})
	if err != nil || !opened {
		t.Fatalf("the vault was opened: %v, %v", opened, err)
	}
	sp := StepPlan{Step: model.NewStep("S")}
	r := resolver{vars: v, final: true, uses: octopus.Anything}
	got, _ := r.variables(&sp)
	for _, got := range got {
		if strings.Contains(got.Value, "hunter2") && !got.Sensitive {
			t.Errorf("%s holds the secret and is not sensitive", got.Name)
		}
	}
	for _, in := range inputs(&StepPlan{Variables: got}).Values {
		if strings.Contains(in.Value, "hunter2") {
			t.Errorf("%s is kept with the secret", in.Name)
		}
	}
	if _, _, ok := v.Lookup("Missing"); ok {
		t.Error("a secret that is not here has a value")
	}
}

func TestAccountIsNeverGuessed(t *testing.T) {
	accounts := []model.Account{{ID: "1", Name: "Sandbox", Kind: model.KindAccessKey},
		{ID: "0", Name: model.InstanceRole, Kind: model.KindInstanceRole}}
	project := model.Project{Variables: []model.Variable{
		{Name: "aws.account", Type: model.TypeAWSAccount, Value: "sandbox"},
		{Name: "role", Type: model.TypeAWSAccount, Value: "instance-role", Expect: "123456789012"},
		{Name: "gone", Type: model.TypeAWSAccount, Value: "Sandbx"},
		{Name: "unchosen", Type: model.TypeAWSAccount, Value: ""},
		{Name: "text", Type: model.TypeText, Value: "aws.account"},
		{Name: "direct", Type: model.TypeText, Value: "SANDBOX"},
		{Name: "none.text", Type: model.TypeText, Value: "none"},
		{Name: "empty", Type: model.TypeText, Value: ""},
		{ID: "9", Name: "secret", Type: model.TypeSensitive, ValueSet: true},
	}}
	tests := []struct{ written, account, variable, code string }{
		{"aws.account", "Sandbox", "aws.account", ""},
		{" AWS.Account ", "Sandbox", "aws.account", ""},
		{"#{aws.account}", "Sandbox", "aws.account", ""},
		{"#{text}", "Sandbox", "aws.account", ""},
		{"#{direct}", "Sandbox", "", ""},
		{"role", model.InstanceRole, "role", ""},
		{"Sandbox", "", "", "step.account.unknown"},
		{"text", "", "", "step.account.type"},
		{"gone", "", "gone", "variable.account.unknown"},
		{"unchosen", "", "unchosen", "variable.account.empty"},
		{"#{none.text}", "", "", "step.account.unresolved"},
		{"#{empty}", "", "", "step.account.unresolved"},
		{"#{nothing}", "", "", "field.undefined"},
		{"#{secret}", "", "", "step.account.sensitive"},
		{"prefix-#{direct}", "", "", "step.account.unresolved"},
	}
	v, err := newValues(t.Context(), project, "", nil, hide)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.written, func(t *testing.T) {
			p := StepPlan{}
			resolver{accounts: accounts, vars: v}.account(&p, tt.written)
			code := ""
			if len(p.Problems) > 0 {
				code = model.ErrorCode(p.Problems[0].Err)
			}
			if p.Account.Name != tt.account || p.AccountVariable != tt.variable || code != tt.code || p.NoAccount {
				t.Errorf("account %q by %q, problem %q, none %v; want %q by %q, problem %q", p.Account.Name, p.AccountVariable, code, p.NoAccount,
					tt.account, tt.variable, tt.code)
			}
		})
	}
	p := StepPlan{}
	resolver{accounts: accounts, vars: v}.account(&p, "role")
	if len(p.Expect) != 1 || p.Expect[0].AWSID != "123456789012" {
		t.Errorf("expected are %v", p.Expect)
	}
}

func TestWhatAnEarlierStepMaySet(t *testing.T) {
	earlier := []model.Step{
		{Name: "Inline", Script: model.Script{Source: model.SourceInline, Language: model.Bash,
			Body: "set_octopusvariable Region eu-west-1 # not Zone\necho \"##octopus[setVariable name='SW5zdGFuY2VJZA==' value='YQ==']\"\n"}},
	}
	r := resolver{earlier: earlier, usesOf: octopus.Find}
	for name, want := range map[string]bool{
		"Region": true, "region": true, "Other": false, "Reg": false, "eu": false, "west-1": false, "Zone": false, "InstanceId": true,
		"Octopus.Action[Inline].Output.Anything": true,
		"Octopus.Action[Later].Output.Region":    false,
	} {
		if r.mayComeLater(name) != want {
			t.Errorf("%s may come later: %v, want %v", name, !want, want)
		}
	}
	r.earlier = append(r.earlier, model.Step{Name: "Packaged", Script: model.Script{Source: model.SourcePackage}})
	if !r.mayComeLater("Other") {
		t.Error("what is in a package can't be known")
	}
}

// growing is a project whose variables repeat one another: each value is short enough, and all of them fill the memory. Its last step
// reads them all, and the others none.
func growing(users, steps int) model.Project {
	p := model.Project{Name: "P", Variables: []model.Variable{{Name: "V0", Type: model.TypeText, Value: "x"}}}
	for i := range 24 { // 16 MiB
		p.Variables = append(p.Variables, model.Variable{Name: fmt.Sprintf("V%d", i+1), Type: model.TypeText,
			Value: fmt.Sprintf("#{V%d}#{V%d}", i, i)})
	}
	script := ""
	for i := range users {
		name := fmt.Sprintf("U%d", i)
		p.Variables = append(p.Variables, model.Variable{Name: name, Type: model.TypeText, Value: "#{V24}"})
		script += "get_octopusvariable " + name + "\n"
	}
	for i := range steps {
		step := model.NewStep(fmt.Sprintf("S%d", i))
		step.AWS, step.Script.Body = model.StepAWS{Account: model.NoAccount}, "echo #{Small}\n"
		if i == steps-1 {
			step.Script.Body = script
		}
		p.Steps = append(p.Steps, step)
	}
	p.Variables = append(p.Variables, model.Variable{Name: "Small", Type: model.TypeText, Value: "#{V3}"})
	return p
}

// held returns the size of the different texts in the variables of a plan.
func held(plan Plan) int {
	texts := map[*byte]int{}
	for _, s := range plan.Steps {
		for _, v := range s.Variables {
			texts[unsafe.StringData(v.Value)] = len(v.Value)
		}
	}
	total := 0
	for _, size := range texts {
		total += size
	}
	return total
}

// TestPlansAreBounded: a step that reads more than fits is refused, once and with the limit; other steps do without those values, and all
// share what does fit.
func TestPlansAreBounded(t *testing.T) {
	_, r, _ := newWorld(t)
	plan, err := r.Plan(t.Context(), Request{Project: growing(30, 40)})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range plan.Steps {
		if last := i == len(plan.Steps)-1; last {
			if len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Err.Error(), "256 MiB") {
				t.Errorf("%s: %v", s.Step.Name, s.Problems)
			}
			continue
		}
		if len(s.Problems) > 0 || len(s.Warnings) > 0 || s.Script != "echo xxxxxxxx\n" ||
			!slices.ContainsFunc(s.Notices, func(n string) bool { return strings.Contains(n, "other variables, whose values can't be resolved") }) {
			t.Fatalf("%s: %v %q %q", s.Step.Name, s.Problems, s.Warnings, s.Notices)
		}
	}
	if total := held(plan); total > 2*substitute.MaxTotal || total < substitute.MaxTotal/4 {
		t.Errorf("the plan holds %d bytes", total)
	}
}

// TestStepsShareTheirValues: what fits into one step's budget fits into that of many, and is expanded once.
func TestStepsShareTheirValues(t *testing.T) {
	_, r, _ := newWorld(t)
	p := growing(5, 40)
	for i := range p.Steps {
		p.Steps[i].Script.Body = p.Steps[39].Script.Body
	}
	plan, err := r.Plan(t.Context(), Request{Project: p})
	if err != nil || len(plan.Refused()) > 0 {
		t.Fatal(plan.Refused(), err)
	}
	if total := held(plan); total > 5*(16<<20)+(33<<20) {
		t.Errorf("the plan holds %d bytes", total)
	}
}

// TestSharedValuesAreTheSteps: a step for which something in a value is another one does not get the value of another step.
func TestSharedValuesAreTheSteps(t *testing.T) {
	_, r, _ := newWorld(t)
	text := func(name, value string) model.Variable {
		return model.Variable{Name: name, Type: model.TypeText, Value: value}
	}
	p := model.Project{Name: "P", Variables: []model.Variable{
		text("A", "#{B} #{Octopus.Step.Name} #{each x in L}#{x}#{/each}"), text("B", "<#{C}>"), text("C", "c"), text("L[0]", "0"),
		text("Odd", "#{C | NoSuchFilter}"), text("Loop", "#{Loop}"),
	}}
	for i, own := range [][]model.Variable{nil, {text("C", "own")}, {text("L[1]", "1")}, {text("A", "#{C}")}, {text("Loop", "ends")}, nil} {
		s := model.NewStep(fmt.Sprintf("S%d", i))
		s.AWS, s.Values = model.StepAWS{Account: model.NoAccount}, own
		s.Script.Body = "get_octopusvariable A; get_octopusvariable Loop\n"
		p.Steps = append(p.Steps, s)
	}
	plan, err := r.Plan(t.Context(), Request{Project: p})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"<c> S0 0", "<own> S1 0", "<c> S2 01", "c", "<c> S4 0", "<c> S5 0"} {
		s := plan.Steps[i]
		at := slices.IndexFunc(s.Variables, func(v model.InputValue) bool { return v.Name == "A" })
		if at < 0 || s.Variables[at].Value != want || (len(s.Problems) == 0) != (i == 4) {
			t.Errorf("step %d: %+v, %v", i, s.Variables, s.Problems)
		}
	}
}

// TestPlansOfVeryManyValues are refused: each step has all variables.
func TestPlansOfVeryManyValues(t *testing.T) {
	_, r, _ := newWorld(t)
	p := model.Project{Name: "P", Variables: make([]model.Variable, 2000), Steps: make([]model.Step, 1000)}
	for i := range p.Steps {
		p.Steps[i].Enabled = true
	}
	if _, err := r.Plan(t.Context(), Request{Project: p}); model.ErrorCode(err) != "run.values.many" {
		t.Errorf("got %v", err)
	}
}
