package store

import (
	"context"
	"slices"
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
		Key: account.SignInKey(), Kind: model.KindConsole, Name: "Ana", Region: "us-west-2", Endpoint: "https://example.com",
		Who: "arn:aws:iam::123456789012:user/ana",
		At:  noon, Ends: noon.Add(12 * time.Hour),
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
	// The console sign-ins of an account go with it, also that of an endpoint that it had before.
	account.Endpoint = "https://example.com"
	moved := model.SignIn{Key: account.SignInKey(), Kind: model.KindConsole}
	movedEntry, _ := save(&moved)
	gone, err = s.DeleteAccount(ctx, "Ana")
	must(t, err)
	left, err := s.SignIns(ctx)
	if err != nil || len(left) != 0 || !slices.Contains(gone, secondEntry) || !slices.Contains(gone, movedEntry) {
		t.Errorf("left %v, gone %v, %v", left, gone, err)
	}
	// They go too, with what is kept for it, when it becomes an account of another kind.
	other := model.Account{Name: "Other", Kind: model.KindConsole, SignInRegion: "us-west-2"}
	must(t, s.SaveAccount(ctx, &other))
	of := model.SignIn{Key: other.SignInKey(), Kind: model.KindConsole}
	otherEntry, _ := save(&of)
	other.Kind, other.Profile, other.SignInRegion = model.KindProfile, "dev", ""
	must(t, s.Change(ctx, "change the kind", func(c *Change) error {
		defer func() { gone = c.Gone }()
		return c.SaveAccount(ctx, &other)
	}))
	if _, found, err := s.SignIn(ctx, of.Key); found || err != nil || !slices.Contains(gone, otherEntry) {
		t.Errorf("after a change of kind: found %v, %v, gone %v", found, err, gone)
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
