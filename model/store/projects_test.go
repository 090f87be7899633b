package store

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// fullProject has every field of the model at another value than its zero.
func fullProject() model.Project {
	step := model.NewStep("Roll the web tier")
	step.Pinned = true
	step.Values = []model.Variable{{Name: "Tier", Type: model.TypeText, Value: "web"}}
	step.AWS = model.StepAWS{
		Account: "aws.account", Expect: "123456789012", Region: "#{AWS.Region}",
		AssumeRole: &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "s", Duration: 3600, ExternalID: "x1", Policy: "{}"},
	}
	step.Script.Body = "aws sts get-caller-identity\n"
	step.Script.Parameters = `-Name "wéb"`
	step.Options = model.Options{
		Timeout: 10 * time.Minute, Stderr: model.ErrorOutputFail, StopOnFirstFailure: true, Edition: model.EditionCore, IsolateAWSConfig: true,
		FreshCredentials: true, Condition: model.ConditionAlways, Required: true, LeaveBackground: true,
	}
	rotate := model.NewStep("Rotate")
	rotate.Enabled = false
	rotate.AWS.Account = model.NoAccount
	rotate.Script = model.Script{Source: model.SourcePackage, Language: model.Bash, Package: "Acme.Scripts", Version: "1.2", Folder: "f", File: "tools/rotate.ps1"}
	return model.Project{
		Name: "Website", Description: "Rolls the web tier", Environments: []string{"Staging", "Production"},
		Variables: []model.Variable{
			{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Key", Scope: []string{"Staging"}},
			{Name: "aws.account", Type: model.TypeAWSAccount, Value: "instance-role", Scope: []string{"Production"}, Expect: "123456789012"},
			{Name: "Count", Type: model.TypeText, Value: "3", Prompt: &model.Prompt{Label: "How many", Help: "h", Control: model.ControlSelect, Options: []string{"3", "4"}, Required: true}},
			{Name: "Password", Type: model.TypeSensitive, ValueSet: true},
		},
		Steps: []model.Step{step, rotate},
	}
}

func TestProjectRoundTrip(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	key := model.Account{Name: "Key", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}
	must(t, s.SaveAccount(ctx, &key))
	saved := fullProject()
	_, err := s.SaveProject(ctx, &saved)
	must(t, err)
	loaded, err := s.Project(ctx, " wEBSITE ")
	must(t, err)
	if !reflect.DeepEqual(saved, loaded) {
		t.Fatalf("saved  %+v\nloaded %+v", saved, loaded)
	}
	ids := map[model.ID]bool{loaded.ID: true}
	for _, v := range append(loaded.Variables, loaded.Steps[0].Values...) {
		ids[v.ID] = true
	}
	for _, step := range loaded.Steps {
		ids[step.ID] = true
	}
	if len(ids) != 8 || ids[""] {
		t.Fatalf("ids are not one per thing: %v", ids)
	}
}
