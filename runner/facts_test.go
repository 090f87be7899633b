package runner

import (
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestFacts(t *testing.T) {
	step := model.NewStep("Roll")
	step.Options.Timeout, step.Options.StopOnFirstFailure, step.Options.Edition = 10*time.Minute, true, model.EditionCore
	s := StepPlan{
		Step: step, Account: model.Account{Name: "Ops"}, AccountVariable: "aws.account", Late: true, Region: "eu-west-1",
		Expect:  []Expectation{{"123456789012", "the step"}},
		Role:    &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "roll", ExternalID: "x", Duration: 900},
		Package: &model.Package{Name: "Acme", Version: "1.0.0"}, Folder: "/scripts", Entry: "roll.ps1", Language: model.PowerShell,
		Tool: script.Tool{Path: "/bin/pwsh", Version: "7.6"}, AWSTool: script.Tool{Path: "/bin/aws",
			Version: "2.31"}, Environ: []string{"AWS_REGION", "B"},
	}
	want := []Fact{
		{FactAccount, "Ops", "aws.account"}, {FactLate, "", ""}, {FactExpected, "123456789012", "the step"},
		{FactRole, "arn:aws:iam::123456789012:role/deployer", ""}, {FactSessionName, "roll", ""}, {FactExternalID, "x", ""},
		{FactSessionDuration, "15m", ""}, {FactRegion, "eu-west-1", ""}, {FactEnvironment, "AWS_REGION B", ""}, {FactPackage, "Acme", "1.0.0"},
		{FactFolder, "/scripts", ""}, {FactFile, "roll.ps1", ""}, {FactLanguage, "powershell", ""}, {FactTool, "/bin/pwsh", "7.6"},
		{FactAWSTool, "/bin/aws", "2.31"}, {FactTimeLimit, "10m", ""}, {FactErrorOutput, "warning", ""}, {FactEdition, "core", ""},
		{FactOnFailure, Stops, ""}, {FactAWSFiles, Isolated, ""},
	}
	got := s.Facts()
	if !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	shown := map[FactKind]bool{FactNoAccount: true} // shown only without an account
	for _, f := range got {
		shown[f.Kind] = true
	}
	for _, kind := range FactKinds() {
		if !shown[kind] {
			t.Errorf("the steps of this test have no fact %q: give one of them such a field, or have Facts list it", kind)
		}
	}
	none := StepPlan{NoAccount: true, Step: model.Step{Options: model.Options{Edition: model.EditionCore}}, Language: model.Bash}
	if got, want := none.Facts(), []Fact{{FactNoAccount, model.NoAccount, ""}, {FactLanguage, "bash", ""}, {FactOnFailure, GoesOn, ""},
		{FactAWSFiles, Readable, ""}}; !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
}
