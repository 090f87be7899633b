package runner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestFacts(t *testing.T) {
	step := model.NewStep("Roll")
	step.Options.Timeout, step.Options.StopOnFirstFailure, step.Options.Edition = 10*time.Minute, true, model.EditionCore
	s := StepPlan{
		Step: step, Account: model.Account{Name: "Ops"}, AccountVariable: "aws.account", Late: true, Region: "eu-west-1",
		Expect: []Expectation{{"123456789012", "the step"}},
		Role: &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "roll", ExternalID: "x", Duration: 900,
			Policy: "{\n  \"Statement\": []\n}", PolicyARNs: []string{"arn:a", "arn:b"}, SourceIdentity: "me",
			Tags: []model.Tag{{Key: "Team", Value: "web", Transitive: true}, {Key: "Cost"}},
			Then: []model.AssumeRole{{ARN: "arn:aws:iam::210987654321:role/reader", Duration: 7200}}},
		Package: &model.Package{Name: "Acme", Version: "1.0.0"},
		Packages: []PackagePlan{
			{Package: model.Package{Name: "Acme.Tools", Version: "2"}, As: "Tools", Extract: true}, {Package: model.Package{Name: "Raw"}, As: "R"},
		},
		Arguments: []model.Argument{
			{Name: "Days", Value: "7\n8", As: model.ArgumentText}, {Name: "Tag", Value: "a b\nc", As: model.ArgumentList}, {Name: "Empty"},
		},
		Folder: "/scripts", Entry: "roll.ps1", Language: model.PowerShell,
		Tool: script.Tool{Path: "/bin/pwsh", Version: "7.6"}, AWSTool: script.Tool{Path: "/bin/aws",
			Version: "2.31"}, Environ: []string{"AWS_REGION", "B"},
		EnvVars: []model.InputValue{{Name: "EMPTY"}, {Name: "TIER", Value: "web\n1"}, {Name: "TOKEN", Value: "s3cret", Sensitive: true}},
	}
	fact := func(kind FactKind, text, from string) Fact { return Fact{Kind: kind, Text: text, From: from} }
	want := []Fact{
		fact(FactAccount, "Ops", "aws.account"), fact(FactLate, "", ""), fact(FactExpected, "123456789012", "the step"),
		fact(FactRole, "arn:aws:iam::123456789012:role/deployer", ""), fact(FactSessionName, "roll", ""), fact(FactExternalID, "x", ""),
		fact(FactSessionDuration, "15m", ""), fact(FactPolicy, `{ "Statement": [] }`, ""),
		fact(FactPolicyARNs, "arn:a, arn:b", ""),

		fact(FactTags, "Team=web (transitive), Cost=", ""), fact(FactSourceIdentity, "me", ""),
		fact(FactNextRole, "arn:aws:iam::210987654321:role/reader", ""), fact(FactSessionDuration, "1h", "2h"), fact(FactRegion, "eu-west-1", ""),
		fact(FactEnvironment, "AWS_REGION B", ""), fact(FactEnvVar, "", "EMPTY"), fact(FactEnvVar, "web 1", "TIER"),
		fact(FactEnvVar, hidden, "TOKEN"),
		fact(FactPackage, "Acme", "1.0.0"), fact(FactFurtherPackage, "Acme.Tools 2", "Tools"), fact(FactPackedPackage, "Raw", "R"),
		fact(FactFolder, "/scripts", ""), fact(FactFile, "roll.ps1", ""),
		fact(FactArgument, "7 8", "Days"), fact(FactArgument, "a b, c", "Tag"), fact(FactArgument, "", "Empty"),
		fact(FactLanguage, "powershell", ""), fact(FactTool, "/bin/pwsh", "7.6"), fact(FactAWSTool, "/bin/aws", "2.31"),
	}
	got := withoutOptions(s.Facts())
	if !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	shown := map[FactKind]bool{FactNoAccount: true, FactOption: true} // the one without an account, the others below
	for _, f := range got {
		shown[f.Kind] = true
	}
	for _, kind := range FactKinds() {
		if !shown[kind] {
			t.Errorf("the steps of this test have no fact %q: give one of them such a field, or have Facts list it", kind)
		}
	}
	none := StepPlan{NoAccount: true, Step: model.Step{Options: model.Options{Edition: model.EditionCore}}, Language: model.Bash}
	want = []Fact{fact(FactNoAccount, model.NoAccount, ""), fact(FactLanguage, "bash", "")}
	if got := withoutOptions(none.Facts()); !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
}

func withoutOptions(facts []Fact) []Fact {
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Kind == FactOption })
}

func TestOptionsAreFacts(t *testing.T) {
	all := model.Options{Timeout: 10 * time.Minute, Stderr: model.ErrorOutputWarning, StopOnFirstFailure: true,
		Edition: model.EditionCore, IsolateAWSConfig: true}
	none := model.Options{Edition: model.EditionCore}
	for _, row := range []struct {
		field    string
		options  model.Options
		language model.Language
		want     string // empty: not shown
	}{
		{"options.timeout", all, model.Bash, "Time limit: 10m"},
		{"options.timeout", none, model.Bash, ""},
		{"options.stderr", all, model.Bash, "Error output: warning"},
		{"options.edition", all, model.PowerShell, "Edition: core"},
		{"options.edition", all, model.Bash, ""},
		{"options.stopOnFirstFailure", all, model.Bash, "On failure: stops at the first failing command"},
		{"options.stopOnFirstFailure", none, model.Bash, "On failure: continues"},
		{"options.isolateAwsConfig", all, model.Bash, "~/.aws files: hidden from the script"},
		{"options.isolateAwsConfig", none, model.Bash, "~/.aws files: readable by the script"},
		{"options.condition", model.Options{Condition: model.ConditionSuccess}, model.Bash, ""},
		{"options.condition", model.Options{Condition: model.ConditionFailure}, model.Bash, "Runs: only if a step before it failed"},
		{"options.condition", model.Options{Condition: model.ConditionAlways}, model.Bash, "Runs: also if a step before it failed"},
		{"options.conditionExpression", model.Options{ConditionExpression: "#{A}\n#{B}"}, model.Bash, "Expression: #{A} #{B}"},
		{"options.required", none, model.Bash, ""},
		{"options.start", model.Options{Start: model.StartAfterPrevious}, model.Bash, ""},
		{"options.start", model.Options{Start: model.StartWithPrevious}, model.Bash, "Starts: together with the step before it"},
		{"options.retries", none, model.Bash, ""},
		{"options.retries", model.Options{Retries: 3}, model.Bash, "Retries: up to 3 while it fails"},
		{"options.retryPause", model.Options{RetryPause: time.Minute}, model.Bash, "Retry pause: 1m"},
		{"options.required", model.Options{Required: true}, model.Bash, "Required: runs too when only other steps are chosen"},
	} {
		got := ""
		for _, f := range (StepPlan{Step: model.Step{Options: row.options}, Language: row.language}).Facts() {
			if f.Kind == FactOption && f.Field == row.field {
				got = f.Title + ": " + f.Text
			}
		}
		if got != row.want {
			t.Errorf("%s in %s with %+v: %q, want %q", row.field, row.language, row.options, got, row.want)
		}
	}
}

// Keys of a console sign-in are renewed whatever a step takes, unless it says so.
func TestTheKeysOfAConsoleSignInAreRenewed(t *testing.T) {
	for chosen, want := range map[model.Freshness]Fact{
		model.FreshAuto: {Text: "renewed while the script runs: those of a console sign-in live for minutes", From: string(OfConsole)},

		model.FreshAlways: {Text: "renewed while the script runs"},
		model.FreshNever:  {Text: "keys in the environment, never renewed"},
	} {
		s := StepPlan{Account: model.Account{Kind: model.KindConsole}, Step: model.Step{Options: model.Options{FreshCredentials: chosen}}}
		want.Kind, want.Field, want.Title = FactOption, "options.freshCredentials", "Credentials"
		if facts := s.Facts(); !slices.Contains(facts, want) {
			t.Errorf("%q: %+v is not among %+v", chosen, want, facts)
		}
		s.NoAccount = true
		if got := s.Facts(); slices.ContainsFunc(got, func(f Fact) bool { return f.From == string(OfConsole) }) {
			t.Errorf("%q: a step without an account has %+v", chosen, got)
		}
	}
}

// A long-lived key is in the environment whatever the step has: there is nothing to renew. A session of it is renewed.
func TestALongLivedKeyIsNotRenewed(t *testing.T) {
	const lasting, renewed = "keys in the environment: they don't end, so there is nothing to renew", "renewed while the script runs"
	key := model.Account{Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"}
	device, token := key, key
	device.MFADevice, token.TokenSet = "arn:aws:iam::123456789012:mfa/ana", true
	for name, row := range map[string]struct {
		plan StepPlan
		want string
	}{
		"key": {StepPlan{Account: key}, lasting}, "role": {StepPlan{Account: key, Role: &model.AssumeRole{}}, renewed},
		"device": {StepPlan{Account: device}, renewed}, "token": {StepPlan{Account: token}, renewed},
		"not known yet": {StepPlan{Account: key, Late: true}, renewed},
	} {
		row.plan.Step.Options.FreshCredentials = model.FreshAlways
		if facts := row.plan.Facts(); !slices.ContainsFunc(facts, func(f Fact) bool { return f.Title == "Credentials" && f.Text == row.want }) {
			t.Errorf("%s: %q is not among %+v", name, row.want, facts)
		}
	}
}

// TestEveryOptionIsAFact fails on an option of the project file that the preview doesn't show.
func TestEveryOptionIsAFact(t *testing.T) {
	step := model.NewStep("S")
	step.Options.Timeout = time.Minute
	step.Options.Condition, step.Options.ConditionExpression, step.Options.Required = model.ConditionVariable, "#{Deploy}", true
	step.Options.Start = model.StartWithPrevious
	step.Options.Retries, step.Options.RetryPause, step.Options.LeaveBackground = 3, time.Second, true
	shown := map[string]string{}
	for _, f := range (StepPlan{Step: step, Language: model.PowerShell}).Facts() {
		shown["steps[]."+f.Field] = f.Title
	}
	for _, f := range document.Fields() {
		if strings.HasPrefix(f.Path, "steps[].options.") && f.Mark == document.Honoured && shown[f.Path] == "" {
			t.Errorf("%s has no fact: add it to options in facts.go", f.Path)
		}
	}
}
