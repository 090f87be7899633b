package store

import (
	"context"
	"reflect"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestPlacesOfSecrets(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	a := model.Account{Name: "Key", Kind: model.KindAccessKey}
	must(t, s.SaveAccount(ctx, &a))
	p := fullProject()
	p.Variables[3].ValueSet = false
	_, err := s.SaveProject(ctx, &p)
	must(t, err)
	key, value := a.SecretKeyRef(), p.Variables[3].ValueRef()
	set := func(of, entry model.SecretRef) (gone []model.SecretRef, err error) {
		err = s.Change(ctx, "set", func(c *Change) error {
			defer func() { gone = c.Gone }()
			return c.SetSecret(ctx, of, entry)
		})
		return gone, err
	}
	wantPlace := func(of, want model.SecretRef) {
		t.Helper()
		if got, err := s.VaultEntry(ctx, of); err != nil || got != want {
			t.Errorf("the entry of %v is %v, %v; want %v", of, got, err, want)
		}
	}
	wantGone := func(got []model.SecretRef, err error, want ...model.SecretRef) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("gone is %v, %v; want %v", got, err, want)
		}
	}
	wantPlace(key, key)
	first, second, third := NewVaultEntry(key.Field), NewVaultEntry(key.Field), NewVaultEntry(value.Field)
	gone, err := set(key, first)
	wantGone(gone, err, key)
	gone, err = set(key, second)
	wantGone(gone, err, first)
	gone, err = set(value, third)
	wantGone(gone, err, value)
	wantPlace(key, second)
	refs, err := s.SecretRefs(ctx)
	must(t, err)
	want := []model.SecretRef{second, a.SessionTokenRef(), a.KeptKeysRef(), third, p.Steps[0].EnvVars[1].ValueRef()}
	if !reflect.DeepEqual(refs, want) {
		t.Errorf("refs are %v, want %v", refs, want)
	}
	loaded, err := s.Account(ctx, "Key")
	must(t, err)
	project, err := s.Project(ctx, p.Name)
	must(t, err)
	if !loaded.SecretSet || loaded.TokenSet || !project.Variables[3].ValueSet {
		t.Errorf("the flags are not set: %+v, %+v", loaded, project.Variables[3])
	}
	for name, of := range map[string]model.SecretRef{
		"an account that is gone": {Owner: "00000000000000000000000000000002", Field: model.SecretKeyField},
		"the instance role":       {Owner: "00000000000000000000000000000001", Field: model.SecretKeyField},
		"a text":                  p.Variables[2].ValueRef(),
		"another field":           {Owner: a.ID, Field: "password"},
	} {
		if _, err := set(of, NewVaultEntry(of.Field)); err == nil {
			t.Errorf("%s has a secret", name)
		}
		wantPlace(of, of)
	}
	loaded.SecretSet = false
	must(t, s.SaveAccount(ctx, &loaded))
	wantPlace(key, key)
	gone, err = s.DeleteProject(ctx, p.Name)
	wantGone(gone, err, third, p.Steps[0].EnvVars[1].ValueRef())
	wantPlace(value, value)
}

func TestOwnSecretsFailsWhileSecretsAreHeld(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s, other := open(t, dir), open(t, dir)
	first, err := s.HoldSecrets(ctx)
	must(t, err)
	second, err := other.HoldSecrets(ctx)
	must(t, err)
	for _, release := range []func() error{first, second} {
		if own, err := s.OwnSecrets(); err != nil || own != nil {
			t.Fatalf("owned while held: %v", err)
		}
		must(t, release())
	}
	own, err := s.OwnSecrets()
	must(t, err)
	if own == nil {
		t.Fatal("not owned although no process holds")
	}
	short, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := other.HoldSecrets(short); err == nil {
		t.Error("held while owned")
	}
	must(t, own())
}
