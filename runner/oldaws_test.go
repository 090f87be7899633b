package runner

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// awsOf finds an aws of a version.
type awsOf struct {
	Tools
	version string
}

func (a awsOf) AWS(context.Context) (script.Tool, error) {
	return script.Tool{Kind: script.AWS, Path: "/opt/aws", Version: a.version}, nil
}

func TestAnOldAWSWithAnEndpointIsWarnedOf(t *testing.T) {
	for _, c := range []struct {
		version, endpoint string
		noAccount, warns  bool
	}{
		{version: "2.12.9", endpoint: "http://127.0.0.1:4566", warns: true},
		{version: "2.13.0", endpoint: "http://127.0.0.1:4566"},
		{version: "2.12.9"},
		{version: "2.12.9", endpoint: "http://127.0.0.1:4566", noAccount: true},
	} {
		w, r, _ := newWorld(t)
		web := model.Account{ID: "web", Name: "Web", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretSet: true,
			Region: "eu-west-1", Endpoint: c.endpoint}
		r.deps.Configuration, r.deps.Tools = known{w, []model.Account{web}, false}, awsOf{r.deps.Tools, c.version}
		step := model.NewStep("S")
		step.AWS = model.StepAWS{Account: "web", Region: "eu-west-1"}
		if c.noAccount {
			step.AWS.Account = model.NoAccount
		}
		step.Script = model.Script{Source: model.SourceInline, Language: model.Bash, Body: "true\n"}
		plan, err := r.Plan(t.Context(), Request{Project: model.Project{Name: "P", Steps: []model.Step{step},
			Variables: []model.Variable{{Name: "web", Type: model.TypeAWSAccount, Value: "Web"}}}})
		if err != nil || len(plan.Steps) != 1 {
			t.Fatal(plan, err)
		}
		warned := slices.ContainsFunc(plan.Steps[0].Warnings, func(s string) bool { return strings.Contains(s, "aws "+c.version) })
		if warned != c.warns {
			t.Errorf("%+v: %q", c, plan.Steps[0].Warnings)
		}
	}
}
