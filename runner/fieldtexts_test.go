package runner

import (
	"maps"
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestFieldTexts(t *testing.T) {
	role := func(x string, then ...model.AssumeRole) model.AssumeRole {
		return model.AssumeRole{
			ARN: "arn" + x, SessionName: "name" + x, ExternalID: "id" + x, Policy: "policy" + x, PolicyARNs: []string{"policies" + x},
			Tags: []model.Tag{{Key: "key" + x, Value: "value" + x}}, SourceIdentity: "source" + x, Then: then,
		}
	}
	first := role("1", role("2"))
	step := model.Step{
		AWS: model.StepAWS{Account: "account", Region: "region", AssumeRole: &first},
		Script: model.Script{
			Package: "package", Version: "version", Folder: "folder", File: "file", Parameters: "parameters",
			Arguments: []model.Argument{{Value: "argument"}}, Packages: []model.ScriptPackage{{Package: "further", Version: "its"}},
		},
		Options: model.Options{ConditionExpression: "condition"},
	}
	got := slices.Concat(slices.Collect(maps.Values(fieldTexts(step)))...)
	for _, want := range []string{
		"account", "region", "package", "version", "folder", "file", "parameters", "argument", "further", "its", "condition",
		"arn1", "name1", "id1", "policy1", "policies1", "key1", "value1", "source1",
		"arn2", "name2", "id2", "policy2", "policies2", "key2", "value2", "source2",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among them", want)
		}
	}
}
