package runner

import (
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestRehearse(t *testing.T) {
	const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	role := &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/a"}
	chain := &model.AssumeRole{ARN: role.ARN, Then: []model.AssumeRole{{ARN: "arn:aws:iam::123456789012:role/b"}}}
	for name, row := range map[string]struct {
		plan StepPlan
		code string
	}{
		"role":       {StepPlan{Role: role}, ""},
		"chain":      {StepPlan{Role: chain}, ""},
		"no role":    {StepPlan{}, "rehearse.role"},
		"no account": {StepPlan{NoAccount: true}, "rehearse.account"},
		"managed":    {StepPlan{Role: &model.AssumeRole{ARN: role.ARN, PolicyARNs: []string{readOnly + "s"}}}, "rehearse.policyarns"},
	} {
		t.Run(name, func(t *testing.T) {
			p := row.plan
			p.Step.AWS.AssumeRole = p.Role
			resolver{vars: &values{used: &lookups{}}}.rehearse(&p, &model.Rehearsal{})
			switch {
			case row.code == "" && (len(p.Problems) > 0 || !isLimited(p.Role)):
				t.Errorf("%v, role %+v", p.Problems, p.Role)
			case row.code != "" && (len(p.Problems) != 1 || model.ErrorCode(p.Problems[0].Err) != row.code):
				t.Errorf("problems %v, want %s", p.Problems, row.code)
			}
			if !p.Step.Options.IsolateAWSConfig {
				t.Error("the script can read ~/.aws")
			}
		})
	}
	if chain.Then[0].PolicyARNs != nil {
		t.Error("the step as written has changed")
	}
	p := StepPlan{Role: role}
	resolver{vars: &values{used: &lookups{}}}.rehearse(&p, nil)
	if isLimited(p.Role) || p.Step.Options.IsolateAWSConfig {
		t.Error("what is no rehearsal is limited")
	}
}

func TestRefusedSentences(t *testing.T) {
	got := refusedSentences([]model.RefusedCall{
		{Operation: "PutObject", Action: "s3:PutObject", Resource: "arn:b", Because: "because", Line: 3, Times: 2},
		{Operation: "RunInstances", Line: 9, Times: 1},
	}, 4)
	want := []string{"AWS refused 6 calls in this rehearsal:", "  s3:PutObject on arn:b (line 3, 2 times) because", "  RunInstances (line 9)",
		"  and 4 more."}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if got := refusedSentences(nil, 0); len(got) != 1 || !strings.Contains(got[0], "no call") {
		t.Errorf("none: %q", got)
	}
}
