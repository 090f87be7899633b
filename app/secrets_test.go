package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// sealed returns the number of secrets in the vault.
func sealed(t *testing.T, s *Services) int {
	t.Helper()
	list, err := s.vault.UnverifiedRefs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func wantSecret(t *testing.T, s *Services, of model.SecretRef, want string) {
	t.Helper()
	if got, err := s.Secrets().Get(t.Context(), of); err != nil || got != want {
		t.Errorf("the secret is %q, %v; want %q", got, err, want)
	}
}

func ops() model.Account {
	return model.Account{Name: "Ops", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"}
}

// huge is a secret that no vault takes.
var huge = model.AccountSecrets{SecretKey: strings.Repeat("x", 8<<20+1)}

func TestAReplacedSecretGoes(t *testing.T) {
	ctx := t.Context()
	s := openHere(t)
	a := ops()
	for _, key := range []string{"first", "second"} {
		if err := s.Accounts().Save(ctx, &a, model.AccountSecrets{SecretKey: key, SessionToken: key + "-token"}); err != nil {
			t.Fatal(err)
		}
		wantSecret(t, s, a.SecretKeyRef(), key)
		wantSecret(t, s, a.SessionTokenRef(), key+"-token")
		if n := sealed(t, s); n != 2 {
			t.Errorf("the vault has %d secrets", n)
		}
	}
	if err := s.Accounts().Save(ctx, &a, model.AccountSecrets{SecretKey: "no-temporary-one"}); err != nil || a.TokenSet {
		t.Errorf("saved %+v, %v", a, err)
	}
	if n := sealed(t, s); n != 1 {
		t.Errorf("with the token gone the vault has %d secrets", n)
	}
	if err := s.Accounts().Remove(ctx, "Ops"); err != nil {
		t.Fatal(err)
	}
	if n := sealed(t, s); n != 0 {
		t.Errorf("without the account the vault has %d secrets", n)
	}
}

// What earlier versions sealed under the owner's own id is found, and goes when it is replaced.
func TestSecretUnderItsOwnersID(t *testing.T) {
	ctx := t.Context()
	s := openHere(t)
	a := ops()
	a.SecretSet = true
	if err := s.store.SaveAccount(ctx, &a); err != nil {
		t.Fatal(err)
	}
	if err := s.vault.Put(ctx, map[model.SecretRef]string{a.SecretKeyRef(): "old"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Secrets().Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, s, a.SecretKeyRef(), "old")
	if err := s.Accounts().Save(ctx, &a, model.AccountSecrets{SecretKey: "new"}); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, s, a.SecretKeyRef(), "new")
	if n := sealed(t, s); n != 1 {
		t.Errorf("the vault has %d secrets", n)
	}
}

// Whatever fails, neither a thing without its secret nor a secret without its thing stays, and the old pair is as it was.
func TestAFailedSaveLeavesNothing(t *testing.T) {
	project := func() *model.Project {
		return &model.Project{Name: "P", Variables: []model.Variable{{Name: "Token", Type: model.TypeSensitive}}}
	}
	twice := func(t *testing.T, s *Services) error { // the second project can't be saved once the first one's secret is sealed
		var imports []*projects.Import
		for _, name := range []string{"First", "Second"} {
			file := filepath.Join(t.TempDir(), name+".stepdeck")
			text := "stepdeck: 1\nproject: " + name + "\nvariables:\n  - name: Token\n    type: sensitive\n    value: {env: TOKEN}\n"
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			imp, err := s.Projects().ReadProject(t.Context(), file, func(string) (string, bool) { return "s3cret", true })
			if err != nil {
				t.Fatal(err)
			}
			imports = append(imports, imp)
		}
		imports[1].File.Project.Variables = append(imports[1].File.Project.Variables, model.Variable{Name: "token"})
		return s.Projects().Apply(t.Context(), imports)
	}
	for name, tt := range map[string]struct {
		do func(t *testing.T, s *Services) error
	}{
		"an account with the name of another": {func(t *testing.T, s *Services) error {
			a := ops()
			return s.Accounts().Save(t.Context(), &a, model.AccountSecrets{SecretKey: "new"})
		}},
		"an account whose secret the vault does not take": {func(t *testing.T, s *Services) error {
			a := ops()
			a.Name = "Audit"
			return s.Accounts().Save(t.Context(), &a, huge)
		}},
		"another key of an account that the vault does not take": {func(t *testing.T, s *Services) error {
			a, err := s.store.Account(t.Context(), "Ops")
			if err != nil {
				t.Fatal(err)
			}
			a.AccessKeyID = "AKIAOTHEROTHEROTHER1"
			return s.Accounts().Save(t.Context(), &a, huge)
		}},
		"the first step with an account whose name is taken": {func(t *testing.T, s *Services) error {
			step := model.NewStep("S")
			step.AWS.Region, step.Script.Body = "eu-west-1", "true"
			_, err := s.Projects().CreateStep(t.Context(), projects.StepRequest{Account: ops(), Secrets: model.AccountSecrets{SecretKey: "new"},
				Project: "P", Step: step})
			return err
		}},
		"an import": {twice},
		"a project that can't be saved": {func(t *testing.T, s *Services) error {
			p := project()
			p.Name = ""
			return s.Projects().SaveProject(t.Context(), p, []model.ValueSecret{{Key: p.Variables[0].Key(), Value: "s3cret"}})
		}},
		"a value that the vault does not take": {func(t *testing.T, s *Services) error {
			p := project()
			return s.Projects().SaveProject(t.Context(), p, []model.ValueSecret{{Key: p.Variables[0].Key(), Value: huge.SecretKey}})
		}},
		"a value without a variable": {func(t *testing.T, s *Services) error {
			return s.Projects().SaveProject(t.Context(), project(), []model.ValueSecret{{Key: model.Variable{Name: "Other"}.Key(), Value: "s3cret"}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			s := openHere(t)
			before := ops()
			if err := s.Accounts().Save(ctx, &before, model.AccountSecrets{SecretKey: "old"}); err != nil {
				t.Fatal(err)
			}
			if err := tt.do(t, s); err == nil {
				t.Fatal("it does not fail")
			}
			if n := sealed(t, s); n != 1 {
				t.Errorf("the vault has %d secrets", n)
			}
			accounts, err := s.store.Accounts(ctx)
			if err != nil || len(accounts) != 2 || accounts[1] != before {
				t.Errorf("the accounts are %+v, %v", accounts, err)
			}
			wantSecret(t, s, before.SecretKeyRef(), "old")
			if projects, err := s.store.Projects(ctx); err != nil || len(projects) != 0 {
				t.Errorf("the projects are %+v, %v", projects, err)
			}
		})
	}
}

// By the time the transaction begins all is sealed, and the vault is not asked again before its end.
func TestNoTransactionWaitsForTheVault(t *testing.T) {
	ctx := t.Context()
	s := openHere(t)
	a := ops()
	err := s.Secrets().Save(ctx, "save the account", secrets.OfAccount(&a, model.AccountSecrets{SecretKey: "new"}),
		func(c *store.Change) error {
			if n := sealed(t, s); n != 1 {
				t.Errorf("%d secrets are sealed when the transaction begins", n)
			}
			return errors.Join(c.SaveAccount(ctx, &a), errors.New("given up"))
		})
	if err == nil || sealed(t, s) != 0 {
		t.Errorf("ended with %v, the vault has %d secrets", err, sealed(t, s))
	}
}

// A sweep doesn't open a vault that would have to ask a person. Once it is open, it is swept.
func TestASweepNeverAsks(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	open := func(environ ...string) *Services {
		t.Helper()
		s, err := Open(ctx, Options{DataDir: dir, Environ: environ})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	first := open("STEPDECK_PASSPHRASE=test")
	if err := first.vault.Put(ctx, map[model.SecretRef]string{store.NewVaultEntry(model.ValueField): "of nobody"}); err != nil {
		t.Fatal(err)
	}
	locked := open()
	if err := locked.Secrets().Sweep(ctx); err != nil || sealed(t, locked) != 1 {
		t.Errorf("swept with %v, %d secrets are left", err, sealed(t, locked))
	}
	if s := open("STEPDECK_PASSPHRASE=test"); sealed(t, s) != 0 {
		t.Errorf("after a start %d secrets are left", sealed(t, s))
	}
}
