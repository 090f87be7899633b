package projects

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// The AWS account of a step is the one of its role, if it assumes one, not that of its key.
func TestTargetsOf(t *testing.T) {
	lib := choices{
		accounts: []model.Account{{Name: "Key", Verified: model.Verification{AWSID: "210987654321"}}},
		aws:      []model.AWSAccount{{ID: "210987654321", Colour: "green"}, {ID: "123456789012", Label: "Prod", Colour: "red"}},
	}
	project := model.Project{Environments: []string{"Staging", "Production"}, Variables: []model.Variable{
		{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Key"},
		{Name: "Id", Value: "210987654321", Scope: []string{"Staging"}},
		{Name: "Id", Value: "123456789012", Scope: []string{"Production"}},
	}}
	role := func(arn string) *model.AssumeRole { return &model.AssumeRole{ARN: arn} }
	for name, tt := range map[string]struct {
		role *model.AssumeRole
		want [2]model.AWSAccount
	}{
		"no role":                {nil, [2]model.AWSAccount{lib.aws[0], lib.aws[0]}},
		"a role per environment": {role("arn:aws:iam::#{Id}:role/deployer"), [2]model.AWSAccount{lib.aws[0], lib.aws[1]}},
		"an account never seen":  {role("arn:aws:iam::333333333333:role/x"), [2]model.AWSAccount{{ID: "333333333333"}, {ID: "333333333333"}}},
		"an undefined role":      {role("#{Role}"), [2]model.AWSAccount{}},
		"no ARN":                 {role("deployer"), [2]model.AWSAccount{}},
		"a broken expression":    {role("#{if}"), [2]model.AWSAccount{}},
	} {
		t.Run(name, func(t *testing.T) {
			list := targetsOf(project, model.Step{AWS: model.StepAWS{Account: "aws.account", AssumeRole: tt.role}}, lib)
			for i, want := range tt.want {
				if list[i].acts != want {
					t.Errorf("%s: acts in %+v, want %+v", list[i].environment, list[i].acts, want)
				}
			}
		})
	}
}

// A variable that an import has made has no account yet.
func TestTargetWithoutAccount(t *testing.T) {
	for value, want := range map[string]string{
		"": "names no account", " ": "names no account", "Gone": "Gone, which is not on this computer",
	} {
		project := model.Project{Variables: []model.Variable{{Name: "aws.account", Type: model.TypeAWSAccount, Value: value}}}
		list := targetsOf(project, model.Step{AWS: model.StepAWS{Account: "aws.account"}}, choices{})
		if len(list) != 1 || list[0].text != want || list[0].known {
			t.Errorf("%q leads to %+v, want %q", value, list, want)
		}
	}
}

// Notes show what a run makes of a field.
func TestNotes(t *testing.T) {
	variable := func(name, value string, scope ...string) model.Variable {
		return model.Variable{Name: name, Type: model.TypeText, Value: value, Scope: scope}
	}
	secret := func(here bool) []model.Variable {
		return []model.Variable{{Name: "Token", Type: model.TypeSensitive, ValueSet: here}}
	}
	for name, tt := range map[string]struct {
		project, step []model.Variable
		text, want    string
		bad           bool
	}{
		"no expression": {text: "plain"},
		"one for the environment": {
			project: []model.Variable{variable("Name", "all"), variable("Name", "here", "Test")},
			text:    "#{Name}", want: "= here   (Test)",
		},
		"one of another environment": {
			project: []model.Variable{variable("Name", "there", "Prod")},
			text:    "#{name}", want: "“name” is not defined in Test.", bad: true,
		},
		"the step's own": {
			project: []model.Variable{variable("Name", "here", "Test")}, step: []model.Variable{variable("name", "own")},
			text: "#{Name}", want: "= own   (Test)",
		},
		"a secret": {project: secret(true), text: "x#{Token}", want: "= ••••••••   (Test)"},
		"a missing secret": {
			project: secret(false), text: "x#{Token}", want: "This computer does not have the value of “Token”. A run asks for it.",
		},
		"a step's missing secret": {
			project: secret(true), step: secret(false),
			text: "#{Token}", want: "This computer does not have the value of “Token”. A run asks for it.",
		},
		"Octopus's own": {text: "#{Octopus.Environment.Name}", want: "Known only when the step runs."},
		"an account's key": {
			project: []model.Variable{{Name: "role", Type: model.TypeAWSAccount, Value: "Role"}},
			text:    "#{role.SecretKey}", want: "Known only when the step runs.",
		},
		"what only a server knows": {
			text: "#{Octopus.Release.Number}", want: "“Octopus.Release.Number” is not defined in Test.", bad: true,
		},
		"an output of a step": {
			text: "#{Octopus.Action[A].Output.B}", want: "Known only when the step runs: an earlier step may set it.",
		},
		"a name that leads to an undefined one": {
			project: []model.Variable{variable("A", "#{B}")},
			text:    "#{A}", want: "“B” is not defined in Test. (in the value of “A”)", bad: true,
		},
		"a text in single quotes": {
			text: "#{if A == 'no'}x#{/if}", bad: true,
			want: `"#{if A == 'no'}x#{/if}" is not an expression: a text in an expression needs double quotes, such as "no", not single ones.`,
		},
		"the start of an expression": {text: "#{ }", want: "“#{ }” is not an expression.", bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			if note, bad := newScope(tt.project, tt.step, "Test").note(tt.text); note != tt.want || bad != tt.bad {
				t.Errorf("%q, %v, want %q, %v", note, bad, tt.want, tt.bad)
			}
		})
	}
}
