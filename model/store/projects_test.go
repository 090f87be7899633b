package store

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// fullProject returns a project in which every field of the model is non-zero.
func fullProject() model.Project {
	step := model.NewStep("Roll the web tier")
	step.Pinned = true
	step.Values = []model.Variable{{Name: "Tier", Type: model.TypeText, Value: "web"}}
	step.EnvVars = []model.EnvVar{{Name: "TIER", Value: "#{Tier}"}, {Name: "Tier_Token", Sensitive: true, ValueSet: true}}
	step.AWS = model.StepAWS{
		Account: "aws.account", Expect: "123456789012", Region: "#{AWS.Region}",
		AssumeRole: &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "s", Duration: 3600, ExternalID: "x1",
			Policy: "{}", PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}, SourceIdentity: "me",
			Tags: []model.Tag{{Key: "Team", Value: "web", Transitive: true}, {Key: "Cost"}},
			Then: []model.AssumeRole{{ARN: "arn:aws:iam::210987654321:role/reader", Tags: []model.Tag{{Key: "Step"}}}}},
	}
	step.Script.Body = "aws sts get-caller-identity\n"
	step.Script.Parameters = `-Name "wéb"`
	step.Script.Arguments = []model.Argument{{Name: "Days", Value: "#{Days}", As: model.ArgumentText}}
	step.Script.Packages = []model.ScriptPackage{
		{Name: "Tools", Package: "Acme.Tools", Version: "1.0", Extract: true}, {Name: "Raw", Package: "R"},
	}
	step.Options = model.Options{
		Timeout: 10 * time.Minute, Stderr: model.ErrorOutputFail, StopOnFirstFailure: true, Edition: model.EditionCore, IsolateAWSConfig: true,
		FreshCredentials: model.FreshAlways, Condition: model.ConditionAlways, ConditionExpression: "#{Deploy}", Required: true,
		LeaveBackground: true, Start: model.StartWithPrevious, Retries: 3, RetryPause: 15 * time.Second,
	}
	rotate := model.NewStep("Rotate")
	rotate.Enabled = false
	rotate.AWS.Account = model.NoAccount
	rotate.Script = model.Script{Source: model.SourcePackage, Language: model.Bash, Package: "Acme.Scripts", Version: "1.2", Folder: "f",
		File: "tools/rotate.ps1"}
	return model.Project{
		Name: "Website", Description: "Rolls the web tier", Environments: []string{"Staging", "Production"},
		Variables: []model.Variable{
			{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Key", Scope: []string{"Staging"}},
			{Name: "aws.account", Type: model.TypeAWSAccount, Value: "instance-role", Scope: []string{"Production"}, Expect: "123456789012"},
			{Name: "Count", Type: model.TypeText, Value: "3",
				Prompt: &model.Prompt{Label: "How many", Help: "h", Control: model.ControlSelect, Options: []string{"3", "4"},
					Labels: []string{"three", ""}, Min: "1", Max: "9", Required: true, Choices: &model.Choices{
						Of: model.ChooseCommand, Command: []string{"s3api", "list-buckets"}, Query: "Buckets[].Name"}}},
			{Name: "Password", Type: model.TypeSensitive, ValueSet: true},
		},
		EnvVars: []model.EnvVar{{Name: "HTTPS_PROXY", Value: "http://proxy:3128"}},
		Steps:   []model.Step{step, rotate},
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
	for _, v := range append(loaded.EnvVars, loaded.Steps[0].EnvVars...) {
		ids[v.ID] = true
	}
	for _, step := range loaded.Steps {
		ids[step.ID] = true
	}
	if len(ids) != 11 || ids[""] {
		t.Fatalf("ids are not unique: %v", ids)
	}
}

func TestSaveProjectKeepsIDs(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	first := fullProject()
	_, err := s.SaveProject(ctx, &first)
	must(t, err)

	t.Run("a file without ids finds everything by name", func(t *testing.T) {
		again := fullProject()
		again.Name, again.Steps[0].Name, again.Variables[3].Name = "WEBSITE", "roll THE web tier", "password"
		again.Variables[3].ValueSet = false // the file has no secret: the stored one is kept
		gone, err := s.SaveProject(ctx, &again)
		must(t, err)
		if len(gone) != 0 || again.ID != first.ID || again.Steps[0].ID != first.Steps[0].ID ||
			again.Steps[0].Values[0].ID != first.Steps[0].Values[0].ID {
			t.Errorf("ids changed, or secrets were dropped: %v", gone)
		}
		for i, v := range again.Variables {
			if v.ID != first.Variables[i].ID {
				t.Errorf("variable %s has another id", v.Name)
			}
		}
		if loaded, err := s.Project(ctx, "website"); err != nil || !loaded.Variables[3].ValueSet || loaded.Name != "WEBSITE" {
			t.Errorf("loaded %+v %v", loaded.Variables, err)
		}
	})
	t.Run("steps swap their names", func(t *testing.T) {
		p, err := s.Project(ctx, "Website")
		must(t, err)
		a, b := p.Steps[0], p.Steps[1]
		p.Steps[0].Name, p.Steps[1].Name = b.Name, a.Name
		p.Steps[0], p.Steps[1] = p.Steps[1], p.Steps[0]
		_, err = s.SaveProject(ctx, &p)
		must(t, err)
		p, err = s.Project(ctx, "Website")
		must(t, err)
		if p.Steps[0].ID != b.ID || p.Steps[0].Name != a.Name || p.Steps[1].ID != a.ID || p.Steps[1].Name != b.Name {
			t.Errorf("steps are %s %s, %s %s", p.Steps[0].ID, p.Steps[0].Name, p.Steps[1].ID, p.Steps[1].Name)
		}
	})
	t.Run("an id of another project is not taken over", func(t *testing.T) {
		other := fullProject()
		other.Name = "Other"
		other.Variables[3].ID = first.Variables[3].ID
		other.Steps[0].ID = first.Steps[0].ID
		_, err := s.SaveProject(ctx, &other)
		must(t, err)
		if other.Variables[3].ID == first.Variables[3].ID || other.Steps[0].ID == first.Steps[0].ID {
			t.Error("a secret or history of another project was taken over")
		}
	})
	t.Run("what is left out is removed, and its secret is reported", func(t *testing.T) {
		p, err := s.Project(ctx, "Website")
		must(t, err)
		want := []model.SecretRef{p.Variables[3].ValueRef(), p.Steps[1].EnvVars[1].ValueRef()}
		slices.SortFunc(want, func(a, b model.SecretRef) int { return strings.Compare(string(a.Owner), string(b.Owner)) })
		p.Variables = p.Variables[:1]
		p.Steps, p.EnvVars = p.Steps[:1], nil
		gone, err := s.SaveProject(ctx, &p)
		must(t, err)
		if !reflect.DeepEqual(gone, want) {
			t.Errorf("gone is %v, want %v", gone, want)
		}
		p, err = s.Project(ctx, "Website")
		must(t, err)
		if len(p.Variables) != 1 || len(p.Steps) != 1 || len(p.EnvVars) != 0 {
			t.Errorf("%d variables, %d steps and %d environment variables are left", len(p.Variables), len(p.Steps), len(p.EnvVars))
		}
	})
	t.Run("a sensitive value that becomes text loses its secret", func(t *testing.T) {
		p, err := s.Project(ctx, "Other")
		must(t, err)
		p.Variables[3].Type, p.Variables[3].Value = model.TypeText, "plain"
		gone, err := s.SaveProject(ctx, &p)
		must(t, err)
		if len(gone) != 1 || p.Variables[3].ValueSet {
			t.Errorf("gone is %v, value set %v", gone, p.Variables[3].ValueSet)
		}
		token := &p.Steps[0].EnvVars[1]
		want := token.ValueRef()
		token.Sensitive, token.Value = false, "plain"
		if gone, err := s.SaveProject(ctx, &p); err != nil || !slices.Equal(gone, []model.SecretRef{want}) || p.Steps[0].EnvVars[1].ValueSet {
			t.Errorf("an environment variable: gone is %v, %v, it is %+v", gone, err, p.Steps[0].EnvVars[1])
		}
	})
	t.Run("a variable and an environment variable of one name are two", func(t *testing.T) {
		p, err := s.Project(ctx, "Other")
		must(t, err)
		p.EnvVars = append(p.EnvVars, model.EnvVar{Name: "Count", Value: "4"})
		_, err = s.SaveProject(ctx, &p)
		must(t, err)
		loaded, err := s.Project(ctx, "Other")
		must(t, err)
		if !reflect.DeepEqual(p, loaded) || loaded.Variables[2].Value != "3" || loaded.EnvVars[1].Value != "4" {
			t.Errorf("saved %+v\nloaded %+v", p, loaded)
		}
	})
}

func TestRenamesFollow(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	p := fullProject() // names the account Key, which does not exist yet
	_, err := s.SaveProject(ctx, &p)
	must(t, err)
	key := model.Account{Name: " KEY ", Kind: model.KindAccessKey}
	must(t, s.SaveAccount(ctx, &key))
	key.Name = "Renamed"
	must(t, s.SaveAccount(ctx, &key))
	environments, err := s.Environments(ctx)
	must(t, err)
	environments[0].Name = "Stage"
	must(t, s.SaveEnvironment(ctx, &environments[0]))

	loaded, err := s.Project(ctx, "Website")
	must(t, err)
	if loaded.Variables[0].Value != "Renamed" || loaded.Variables[0].Scope[0] != "Stage" || loaded.Environments[0] != "Stage" {
		t.Errorf("variable %+v, environments %v", loaded.Variables[0], loaded.Environments)
	}
	_, err = s.DeleteAccount(ctx, "renamed")
	wantCode(t, err, "account.used")
	wantCode(t, s.DeleteEnvironment(ctx, "stage"), "environment.used")
	secrets, err := s.DeleteProject(ctx, "Website")
	must(t, err)
	want := []model.SecretRef{loaded.Variables[3].ValueRef(), loaded.Steps[0].EnvVars[1].ValueRef()}
	if !reflect.DeepEqual(secrets, want) {
		t.Errorf("secrets are %v", secrets)
	}
	if secrets, err = s.DeleteAccount(ctx, "renamed"); err != nil || len(secrets) != 3 {
		t.Errorf("deleted with %v, secrets %v", err, secrets)
	}
	must(t, s.DeleteEnvironment(ctx, "stage"))
}

func TestUnsavableProjects(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	for _, row := range []struct {
		name, cause string
		change      func(p *model.Project)
	}{
		{"no name", "name.empty", func(p *model.Project) { p.Name = " " }},
		{"two steps of one name", "step.name.twice", func(p *model.Project) { p.Steps[1].Name = "ROLL the web tier" }},
		{"a step without name", "name.empty", func(p *model.Project) { p.Steps[1].Name = "" }},
		{"two values of one scope", "variable.scope.twice", func(p *model.Project) { p.Variables[1].Scope = []string{"staging"} }},
		{"a scope that the project does not have", "variable.scope.unknown", func(p *model.Project) { p.Variables[1].Scope = []string{"Moon"} }},
		{"an environment twice", "environment.twice", func(p *model.Project) { p.Environments = []string{"Staging", "Production", "STAGING"} }},
		{"a secret in plain text", "variable.sensitive.plain", func(p *model.Project) { p.Variables[3].Value = "hunter2" }},
		{"a secret in plain text in a step", "variable.sensitive.plain", func(p *model.Project) {
			p.Steps[0].Values[0] = model.Variable{Name: "x", Type: model.TypeSensitive, Value: "hunter2"}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := fullProject()
			row.change(&p)
			_, err := s.SaveProject(ctx, &p)
			wantCode(t, err, "project.unsavable")
			if !errors.Is(err, model.WithCode(row.cause)) {
				t.Errorf("cause of %v is not %s", err, row.cause)
			}
			if p.ID != "" || p.Steps[0].ID != "" {
				t.Error("ids were set although nothing was saved")
			}
		})
	}
	if list, err := s.Projects(ctx); err != nil || len(list) != 0 {
		t.Errorf("projects are %v %v", list, err)
	}
	if list, err := s.Environments(ctx); err != nil || len(list) != 0 {
		t.Errorf("environments are %v %v", list, err)
	}
}

func TestStepWithProblemsCanBeSaved(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	p := model.Project{Name: "Draft", Steps: []model.Step{model.NewStep("Empty")}}
	if len(p.Check()) == 0 {
		t.Fatal("the draft has no problems: this tests nothing")
	}
	_, err := s.SaveProject(ctx, &p)
	must(t, err)
}

func TestChangeIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	p := fullProject()
	err := s.Change(ctx, "import", func(c *Change) error {
		if err := c.SaveAccount(ctx, &model.Account{Name: "Key", Kind: model.KindAccessKey}); err != nil {
			return err
		}
		if err := c.SaveProject(ctx, &p); err != nil {
			return err
		}
		return c.SaveAccount(ctx, &model.Account{Name: "key", Kind: model.KindAccessKey})
	})
	wantCode(t, err, "account.taken")
	accounts, err := s.Accounts(ctx)
	must(t, err)
	projects, err := s.Projects(ctx)
	must(t, err)
	if len(accounts) != 1 || len(projects) != 0 {
		t.Errorf("%d accounts and %d projects stayed", len(accounts), len(projects))
	}
}

func TestSecretRefsListEveryPossiblePlace(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	key := model.Account{Name: "Key", Kind: model.KindAccessKey}
	must(t, s.SaveAccount(ctx, &key))
	p := fullProject()
	_, err := s.SaveProject(ctx, &p)
	must(t, err)
	portal := model.SignIn{Key: "identity-center eu-west-1 https://example.awsapps.com/start", Kind: model.KindIdentityCenter}
	must(t, s.Change(ctx, "save", func(c *Change) error { return c.SaveSignIn(ctx, &portal) }))
	refs, err := s.SecretRefs(ctx)
	must(t, err)
	want := []model.SecretRef{key.SecretKeyRef(), key.SessionTokenRef(), key.KeptKeysRef(), p.Variables[3].ValueRef(),
		p.Steps[0].EnvVars[1].ValueRef(), portal.TokensRef()}
	if !reflect.DeepEqual(refs, want) {
		t.Errorf("refs are %v, want %v", refs, want)
	}
}
