package projects

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// TestTargetsOf: a step's colour is that of the AWS account in which it acts, not of the one whose key it begins with.
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
		"a role nobody knows":    {role("#{Role}"), [2]model.AWSAccount{}},
		"no ARN":                 {role("deployer"), [2]model.AWSAccount{}},
		"a broken expression":    {role("#{if}"), [2]model.AWSAccount{}},
	} {
		t.Run(name, func(t *testing.T) {
			list := targetsOf(project, model.Step{AWS: model.StepAWS{Account: "aws.account", AssumeRole: tt.role}}, lib)
			for i, want := range tt.want {
				if list[i].acts != want {
					t.Errorf("%s: acts in %+v, not in %+v", list[i].environment, list[i].acts, want)
				}
			}
		})
	}
}
