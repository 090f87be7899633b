package projects_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
)

func openServices(t *testing.T) (*app.Services, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := app.Open(t.Context(), app.Options{DataDir: dir, Environ: []string{"STEPDECK_PASSPHRASE=test", "PATH=" + os.Getenv("PATH")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, dir
}

func stepRequest() projects.StepRequest {
	step := model.NewStep("rotate")
	step.AWS.Region, step.Script.Body = "eu-west-1", "aws sts get-caller-identity\n"
	return projects.StepRequest{
		Account: model.Account{Name: "Ops", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"},
		Secrets: model.AccountSecrets{SecretKey: "hunter2hunter2"}, Project: "My scripts", Step: step,
	}
}

func TestCreateStep(t *testing.T) {
	ctx := t.Context()
	s, _ := openServices(t)
	created, err := s.Projects().CreateStep(ctx, stepRequest())
	if err != nil {
		t.Fatal(err)
	}
	if want := (projects.CreatedStep{Project: "My scripts", Step: "rotate", Account: "Ops", Variable: "aws.account", NewProject: true,
		NewAccount: true, NewVariable: true}); created != want {
		t.Errorf("made %+v, want %+v", created, want)
	}
	account, err := s.Accounts().Account(ctx, "Ops")
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := s.Secrets().Get(ctx, account.SecretKeyRef()); err != nil || secret != "hunter2hunter2" || !account.SecretSet {
		t.Errorf("the secret key is %q, %v, %v", secret, account.SecretSet, err)
	}

	second := stepRequest()
	second.Account, second.Secrets, second.Step.Name = account, model.AccountSecrets{}, "rotate again"
	if created, err = s.Projects().CreateStep(ctx, second); err != nil || created.NewProject || created.NewAccount || created.NewVariable ||
		created.Variable != "aws.account" {
		t.Errorf("the same account again made %+v, %v", created, err)
	}
	third := stepRequest()
	third.Account.Name, third.Step.Name = "Audit", "audit"
	if created, err = s.Projects().CreateStep(ctx, third); err != nil || created.Variable != "aws.account.2" || !created.NewVariable {
		t.Errorf("another account in the same project made %+v, %v", created, err)
	}
	p, err := s.Projects().Project(ctx, "My scripts")
	if err != nil || len(p.Steps) != 3 || len(p.Variables) != 2 || p.Steps[2].AWS.Account != "aws.account.2" {
		t.Errorf("the project is %+v, %v", p, err)
	}
}

// Whatever goes wrong, nothing stays behind.
func TestCreateStepMakesAllOrNothing(t *testing.T) {
	declined := model.NewError("declined", "No passphrase.")
	for name, tt := range map[string]struct {
		change func(*projects.StepRequest)
		code   string
	}{
		"a step that is there":    {func(b *projects.StepRequest) { b.Step.Name = "there" }, "project.unsavable"},
		"an account of its name":  {func(b *projects.StepRequest) { b.Account.Name = "taken" }, "account.taken"},
		"a bad name of a project": {func(b *projects.StepRequest) { b.Project = "" }, ""},
		"an incomplete step":      {func(b *projects.StepRequest) { b.Step.Script.Body = "" }, "invalid"},
		"a bad key":               {func(b *projects.StepRequest) { b.Account.AccessKeyID = "not a key" }, "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			s, _ := openServices(t)
			taken := model.Account{Name: "taken", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"}
			if err := s.Accounts().Save(ctx, &taken, model.AccountSecrets{}); err != nil {
				t.Fatal(err)
			}
			there := model.Project{Name: "My scripts", Steps: []model.Step{model.NewStep("there")}}
			if err := s.Projects().SaveProject(ctx, &there, nil); err != nil {
				t.Fatal(err)
			}
			b := stepRequest()
			tt.change(&b)
			_, err := s.Projects().CreateStep(ctx, b)
			if err == nil || tt.code != "" && model.ErrorCode(err) != tt.code {
				t.Fatalf("error is %v, want %s", err, tt.code)
			}
			untouched(t, s, 2, 1, 1)
		})
	}
	t.Run("a passphrase that nobody gives", func(t *testing.T) {
		ctx := t.Context()
		first, dir := openServices(t)
		if err := first.Secrets().Ready(ctx); err != nil {
			t.Fatal(err)
		}
		s, err := app.Open(ctx, app.Options{DataDir: dir, Ask: func(context.Context, secrets.Question) (string, error) { return "", declined }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		if _, err := s.Projects().CreateStep(ctx, stepRequest()); model.ErrorCode(err) != "declined" {
			t.Errorf("error is %v", err)
		}
		account := stepRequest().Account
		if err := s.Accounts().Save(ctx, &account, stepRequest().Secrets); model.ErrorCode(err) != "declined" {
			t.Errorf("saving an account gives %v", err)
		}
		untouched(t, s, 1, 0, 0)
	})
}

func untouched(t *testing.T, s *app.Services, accounts, projects, steps int) {
	t.Helper()
	ctx := t.Context()
	list, err := s.Accounts().Accounts(ctx)
	if err != nil || len(list) != accounts {
		t.Errorf("%d accounts, want %d; %v", len(list), accounts, err)
	}
	infos, err := s.Projects().Projects(ctx)
	if err != nil || len(infos) != projects || projects > 0 && infos[0].Steps != steps {
		t.Errorf("projects %+v, want %d with %d steps; %v", infos, projects, steps, err)
	}
	if status, err := s.Secrets().Status(ctx); err != nil || status.Secrets != 0 {
		t.Errorf("%d secrets are left, %v", status.Secrets, err)
	}
}

func TestTryAccount(t *testing.T) {
	ctx := t.Context()
	s, _ := openServices(t)
	b := stepRequest()
	b.Account.Endpoint, b.Account.AccessKeyID = model.Sandbox, ""
	v, err := s.Accounts().Try(ctx, b.Account, model.AccountSecrets{})
	if err != nil || v.AWSID == "" || !v.Identity.Sandbox {
		t.Errorf("the sandbox says %+v, %v", v, err)
	}
	b.Account.Endpoint = "http://127.0.0.1:1"
	if _, err := s.Accounts().Try(ctx, b.Account, b.Secrets); err == nil {
		t.Error("nobody listens there, and yet it is somebody")
	}
	untouched(t, s, 1, 0, 0)
}

func TestSample(t *testing.T) {
	ctx := t.Context()
	s, _ := openServices(t)
	first, err := s.Projects().TrySample(ctx)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Projects().TrySample(ctx)
	if err != nil || again.Project != first.Project || first.Project != "Sample" {
		t.Errorf("the first is %+v, the second %+v, %v", first, again, err)
	}
	p, err := s.Projects().Project(ctx, "Sample")
	if err != nil {
		t.Fatal(err)
	}
	if list, err := s.Projects().Projects(ctx); err != nil || len(list) != 1 {
		t.Errorf("there are %d projects, %v", len(list), err)
	}

	// A sample that was pointed at AWS is never run by the button.
	live := model.Account{Name: "Real", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"}
	if err := s.Accounts().Save(ctx, &live, model.AccountSecrets{}); err != nil {
		t.Fatal(err)
	}
	for i, v := range p.Variables {
		if v.Type == model.TypeAWSAccount {
			p.Variables[i].Value = "Real"
		}
	}
	if err := s.Projects().SaveProject(ctx, &p, nil); err != nil {
		t.Fatal(err)
	}
	if other, err := s.Projects().TrySample(ctx); err != nil || other.Project != "Sample 2" {
		t.Errorf("got %+v, %v", other, err)
	}
}

func TestSampleBesideOthers(t *testing.T) {
	ctx := t.Context()
	s, _ := openServices(t)
	mine := model.Project{Name: "sample"}
	if err := s.Projects().SaveProject(ctx, &mine, nil); err != nil {
		t.Fatal(err)
	}
	account := model.Account{Name: "Sandbox", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"}
	if err := s.Accounts().Save(ctx, &account, model.AccountSecrets{}); err != nil {
		t.Fatal(err)
	}
	sample, err := s.Projects().TrySample(ctx)
	if err != nil || sample.Project != "Sample 2" {
		t.Fatalf("got %+v, %v", sample, err)
	}
	p, err := s.Projects().Project(ctx, "Sample 2")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range p.Variables {
		if v.Type == model.TypeAWSAccount && v.Value != "Sandbox 2" {
			t.Errorf("the sample uses the account %q", v.Value)
		}
	}
}

// A project's scripts are read by who writes them, and not by a new name.
func TestOnlyWhatWasWrittenIsMarkedAsRead(t *testing.T) {
	ctx := t.Context()
	s, _ := openServices(t)
	file := filepath.Join(t.TempDir(), "p.stepdeck")
	text := "stepdeck: 1\nproject: P\nsteps:\n  - name: A\n    aws: {account: none}\n    script: {language: bash, body: imported}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := s.Projects().ReadProject(ctx, file, nil)
	if err == nil {
		err = s.Projects().Apply(ctx, []*projects.Import{read})
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Projects().Project(ctx, "P")
	if err != nil {
		t.Fatal(err)
	}
	p.Name = "Renamed"
	written := model.NewStep("B")
	written.AWS.Account, written.Script.Body = model.NoAccount, "written"
	p.Steps = append(p.Steps, written)
	if err := s.Projects().SaveProject(ctx, &p, nil); err != nil {
		t.Fatal(err)
	}
	seen := s.Runs().Seen()
	if seen.Seen(model.ScriptHash("imported")) || !seen.Seen(model.ScriptHash("written")) {
		t.Errorf("read are: the imported one %v, the written one %v", seen.Seen(model.ScriptHash("imported")),
			seen.Seen(model.ScriptHash("written")))
	}
}

// Nobody has to open a vault for the sandbox.
func TestTheSandboxNeedsNoVault(t *testing.T) {
	ctx := t.Context()
	s, _ := openServices(t)
	if _, err := s.Projects().TrySample(ctx); err != nil {
		t.Fatal(err)
	}
	b := stepRequest()
	b.Account.AccessKeyID, b.Account.Endpoint, b.Secrets = "", model.Sandbox, model.AccountSecrets{}
	if _, err := s.Projects().CreateStep(ctx, b); err != nil {
		t.Fatal(err)
	}
	if status, err := s.Secrets().Status(ctx); err != nil || status.Exists {
		t.Errorf("a vault was made: %+v, %v", status, err)
	}
}

// Most computers that run Windows have no Bash.
func TestTheSampleWithoutBash(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program that plays PowerShell is a shell script")
	}
	ctx := t.Context()
	s, dir := openServices(t)
	pwsh := filepath.Join(t.TempDir(), "pwsh")
	if err := os.WriteFile(pwsh, []byte("#!/bin/sh\necho PowerShell 7.6.0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Settings().Keep(ctx, map[string]string{settings.ToolKey(settings.Bash): "/nonexistent/bash",
		settings.ToolKey(settings.PowerShell): pwsh}); err != nil {
		t.Fatal(err)
	}
	s, err := app.Open(ctx, app.Options{DataDir: dir, Environ: []string{"PATH=" + os.Getenv("PATH")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	sample, err := s.Projects().TrySample(ctx)
	if err != nil || len(sample.Missing) > 0 {
		t.Fatalf("the sample is %+v, %v", sample, err)
	}
	p, err := s.Projects().Project(ctx, sample.Project)
	if err != nil || len(p.Steps) != 3 {
		t.Fatalf("the project is %+v, %v", p, err)
	}
}
