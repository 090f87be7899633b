package store

import (
	"context"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func TestSignIns(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	if _, found, err := s.SignIn(ctx, "console 1"); found || err != nil {
		t.Errorf("an unknown sign-in: %v, %v", found, err)
	}
	account := model.Account{Name: "Ana", Kind: model.KindConsole, SignInRegion: "us-west-2"}
	must(t, s.SaveAccount(ctx, &account))
	first := model.SignIn{
		Key: account.SignInKey(), Kind: model.KindConsole, Name: "Ana", Region: "us-west-2", Who: "arn:aws:iam::123456789012:user/ana",
		At: noon, Ends: noon.Add(12 * time.Hour),
	}
	save := func(signIn *model.SignIn) (entry model.SecretRef, gone []model.SecretRef) {
		t.Helper()
		must(t, s.Change(ctx, "save the sign-in", func(c *Change) error {
			if err := c.SaveSignIn(ctx, signIn); err != nil {
				return err
			}
			entry = NewVaultEntry(model.TokensField)
			defer func() { gone = c.Gone }()
			return c.SetSecret(ctx, signIn.TokensRef(), entry)
		}))
		return entry, gone
	}
	firstEntry, _ := save(&first)
	if got, found, err := s.SignIn(ctx, first.Key); err != nil || !found || got != first {
		t.Errorf("loaded %+v, %v, %v; want %+v", got, found, err, first)
	}
	// Signing in again replaces the sign-in and gives up its tokens.
	again := first
	again.ID, again.At = "", noon.Add(time.Hour)
	secondEntry, gone := save(&again)
	if again.ID != first.ID || len(gone) != 1 || gone[0] != firstEntry {
		t.Errorf("saved again as %s, gone %v; want %s, %v", again.ID, gone, first.ID, firstEntry)
	}
	list, err := s.SignIns(ctx)
	if err != nil || len(list) != 1 || list[0] != again {
		t.Errorf("sign-ins are %+v, %v", list, err)
	}
	// A console sign-in goes with its account.
	gone, err = s.DeleteAccount(ctx, "Ana")
	must(t, err)
	if _, found, _ := s.SignIn(ctx, first.Key); found || gone[len(gone)-1] != secondEntry {
		t.Errorf("found %v, gone %v", found, gone)
	}
	// One of a portal stays with its other accounts, until it is deleted.
	portal := model.SignIn{Key: "identity-center", Kind: model.KindIdentityCenter}
	entry, _ := save(&portal)
	if gone, err = s.DeleteSignIn(ctx, portal.Key); err != nil || len(gone) != 1 || gone[0] != entry {
		t.Errorf("deleted with %v, %v", gone, err)
	}
	if gone, err = s.DeleteSignIn(ctx, portal.Key); err != nil || len(gone) != 0 {
		t.Errorf("deleted twice: %v, %v", gone, err)
	}
	must(t, s.Change(ctx, "save", func(c *Change) error {
		err := c.SetSecret(ctx, portal.TokensRef(), NewVaultEntry(model.TokensField))
		wantCode(t, err, "secret.owner")
		return nil
	}))
}
