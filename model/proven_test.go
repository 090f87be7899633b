package model

import "testing"

func TestProvenIn(t *testing.T) {
	run := func(id int64, step, awsID string, status Status, sandbox bool) Run {
		return Run{ID: id, Steps: []StepRun{
			{Step: step, Status: status, Identity: Identity{AWSID: awsID, Sandbox: sandbox}},
		}}
	}
	for name, row := range map[string]struct {
		history []Run
		want    Proven
	}{
		"nothing ran": {nil, Proven{}},
		"it failed":   {[]Run{run(1, "S", "1", Failed, false)}, Proven{}},
		"the first counts": {[]Run{
			run(3, "s", "1", Warning, false), run(2, "T", "2", Succeeded, false), run(1, "S", "1", Succeeded, false),
		}, Proven{"1", 1}},
		"two AWS accounts":  {[]Run{run(2, "S", "2", Succeeded, false), run(1, "S", "1", Succeeded, false)}, Proven{}},
		"a rehearsal":       {[]Run{rehearsed(run(1, "S", "1", Succeeded, false))}, Proven{}},
		"the sandbox alone": {[]Run{run(1, "S", "0", Succeeded, true)}, Proven{}},
	} {
		if got := ProvenIn(row.history, "S"); got != row.want {
			t.Errorf("%s: %+v, want %+v", name, got, row.want)
		}
	}
}

func rehearsed(r Run) Run {
	r.Rehearsal = &Rehearsal{}
	return r
}

func TestOneAccount(t *testing.T) {
	value := func(name, value string) Variable { return Variable{Name: name, Type: TypeAWSAccount, Value: value} }
	one, two := []Variable{value("aws.account", "A")}, []Variable{value("aws.account", "A"), value("AWS.Account", "B")}
	role := func(arn string) *AssumeRole { return &AssumeRole{ARN: arn} }
	chain := role("arn:aws:iam::111111111111:role/a")
	chain.Then = []AssumeRole{{ARN: "arn:aws:iam::#{id}:role/b"}}
	for name, tt := range map[string]struct {
		values []Variable
		aws    StepAWS
		want   bool
	}{
		"one value":              {one, StepAWS{Account: "aws.account"}, true},
		"a value for each":       {two, StepAWS{Account: "aws.account"}, false},
		"a role that is written": {two, StepAWS{Account: "aws.account", AssumeRole: role("arn:aws:iam::111111111111:role/a")}, true},
		"a role that varies":     {two, StepAWS{Account: "aws.account", AssumeRole: role("#{Role}")}, false},
		"a chain that varies":    {two, StepAWS{Account: "aws.account", AssumeRole: chain}, false},
		"an expression":          {one, StepAWS{Account: "#{Which}"}, false},
		"none":                   {one, StepAWS{Account: NoAccount}, false},
	} {
		p := Project{Variables: tt.values}
		if got := p.OneAccount(Step{AWS: tt.aws}); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
