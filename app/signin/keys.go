package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// Keys implements runner.SignIns.
func (s *Service) Keys(ctx context.Context, a model.Account) (awsenv.Kept, error) {
	if a.Kind == model.KindConsole {
		tokens, problem, err := s.consoleTokens(ctx, a)
		return consoleKeys(tokens, problem), err
	}
	signedIn, err := s.portalTokens(ctx, a)
	if err != nil {
		return awsenv.Kept{}, err
	}
	return signedIn.keys(ctx, a.AWSID, a.RoleName)
}

// ProfileKeys implements runner.SignIns: it uses and renews the sign-ins of the aws command.
func (s *Service) ProfileKeys(ctx context.Context, from profile.Source) (awsenv.Kept, error) {
	network, err := s.reach()
	if err != nil {
		return awsenv.Kept{}, err
	}
	path := s.cachePath(from)
	if from.Kind == profile.LoginSession {
		o := network.ConsoleOptions(model.Account{SignInRegion: awsenv.LoginRegion(from), Endpoint: from.Endpoint}, s.deps.Now)
		r := refresherOf(s, s.console, path+" "+from.Endpoint, func() *refresh.Refresher[console.Tokens] {
			return console.Cached(o, path, from.LoginSession)
		})
		tokens, err := r.Get(ctx)
		return consoleKeys(tokens, r.Problem()), err
	}
	sso := from.SSO
	as := model.Account{StartURL: sso.StartURL, SignInRegion: sso.Region, Endpoint: from.Endpoint}
	o := network.IdentityCenterOptions(as, s.deps.Now)
	key := path + " " + from.Endpoint
	r := refresherOf(s, s.center, key, func() *refresh.Refresher[identitycenter.Tokens] { return identitycenter.Cached(o, path) })
	tokens, err := r.Get(ctx)
	if err != nil {
		return awsenv.Kept{}, err
	}
	portal, err := s.portal(key, o)
	if err != nil {
		return awsenv.Kept{}, err
	}
	return portalSignIn{tokens, portal, r.Problem()}.keys(ctx, sso.AccountID, sso.Role)
}

// consoleTokens returns the tokens of an account's sign-in with the console, renewed if need be. problem is why they could not be
// renewed although they still work.
func (s *Service) consoleTokens(ctx context.Context, a model.Account) (tokens console.Tokens, problem, err error) {
	network, err := s.reach()
	if err != nil {
		return console.Tokens{}, nil, err
	}
	r := refresherOf(s, s.console, a.SignInKey(), func() *refresh.Refresher[console.Tokens] {
		return newRefresher(s, renewal[console.Tokens]{account: a, renew: func(ctx context.Context, t console.Tokens) (console.Tokens, error) {
			return console.Refresh(ctx, network.ConsoleOptions(a, s.deps.Now), t)
		}})
	})
	tokens, err = r.Get(ctx)
	return tokens, r.Problem(), ofAccount(a, err)
}

// ofAccount names the account that asked, as several may share a sign-in.
func ofAccount(a model.Account, err error) error {
	if model.ErrorCode(err) == model.CodeSignInNeeded {
		return needed(a)
	}
	return err
}

// portalSignIn is a sign-in with Identity Center.
type portalSignIn struct {
	tokens  identitycenter.Tokens
	portal  *identitycenter.Portal // to use the tokens with
	problem error                  // why the tokens could not be renewed although they still work
}

// portalTokens returns an account's sign-in with Identity Center, renewed if need be.
func (s *Service) portalTokens(ctx context.Context, a model.Account) (portalSignIn, error) {
	network, err := s.reach()
	if err != nil {
		return portalSignIn{}, err
	}
	o := network.IdentityCenterOptions(a, s.deps.Now)
	r := refresherOf(s, s.center, a.SignInKey(), func() *refresh.Refresher[identitycenter.Tokens] {
		return newRefresher(s, renewal[identitycenter.Tokens]{account: a,
			renew: func(ctx context.Context, t identitycenter.Tokens) (identitycenter.Tokens, error) {
				return identitycenter.Refresh(ctx, o, t)
			}})
	})
	tokens, err := r.Get(ctx)
	if err != nil {
		return portalSignIn{}, ofAccount(a, err)
	}
	o.StartURL = tokens.StartURL // a company's address was followed when the person signed in
	portal, err := s.portal(a.SignInKey(), o)
	return portalSignIn{tokens, portal, r.Problem()}, err
}

// portal returns the portal of a sign-in.
func (s *Service) portal(key string, o identitycenter.Options) (*identitycenter.Portal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.portals[key]; known != nil {
		return known, nil
	}
	portal, err := identitycenter.NewPortal(o)
	if err == nil {
		s.portals[key] = portal
	}
	return portal, err
}

func consoleKeys(t console.Tokens, problem error) awsenv.Kept {
	return awsenv.Kept{
		AccessKeyID: t.AccessKeyID, SecretKey: t.SecretAccessKey, SessionToken: t.SessionToken, Expires: t.Expires, Unrenewed: problem,
	}
}

// keys returns the keys of a role that the sign-in leads to.
func (p portalSignIn) keys(ctx context.Context, awsID, role string) (awsenv.Kept, error) {
	keys, err := p.portal.RoleCredentials(ctx, p.tokens, awsID, role)
	return awsenv.Kept{
		AccessKeyID: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, SessionToken: keys.SessionToken, Expires: keys.Expires, OfRole: true,
		Unrenewed: p.problem,
	}, err
}

// KeptKeys implements runner.SignIns.
func (s *Service) KeptKeys(ctx context.Context, a model.Account) (*awsenv.Kept, error) {
	if a.ID == "" || a.Kind == model.KindInstanceRole || a.SignsIn() || a.Kind == model.KindAccessKey && a.MFADevice == "" {
		return nil, nil //nolint:nilnil // such accounts keep nothing
	}
	entry, err := s.deps.Store.VaultEntry(ctx, a.KeptKeysRef())
	if err != nil || entry == a.KeptKeysRef() { // nothing was ever kept: the vault needn't be opened
		return nil, err
	}
	text, err := s.deps.Secrets.Get(ctx, a.KeptKeysRef())
	if model.ErrorCode(err) == model.CodeSecretMissing {
		return nil, nil //nolint:nilnil // as above
	}
	var kept awsenv.Kept
	if err != nil || json.Unmarshal([]byte(text), &kept) != nil || !s.deps.Now().Before(kept.Expires) {
		return nil, err
	}
	return &kept, nil
}

// KeepKeys implements runner.SignIns.
func (s *Service) KeepKeys(ctx context.Context, a model.Account, keys awsenv.Kept) error {
	if a.ID == "" || a.Kind == model.KindInstanceRole {
		return nil
	}
	text, err := json.Marshal(keys) //nolint:gosec // it goes into the vault
	if err != nil {
		return fmt.Errorf("write the keys to keep: %w", err)
	}
	owner := func() (model.SecretRef, error) { return a.KeptKeysRef(), nil }
	secret := secrets.Secret{Field: model.KeptKeysField, Value: string(text), Owner: owner}
	return s.deps.Secrets.Save(ctx, "keep the account's session", []secrets.Secret{secret}, func(*store.Change) error { return nil })
}

// LockKeptKeys implements runner.SignIns.
func (s *Service) LockKeptKeys(ctx context.Context, a model.Account) (unlock func() error, err error) {
	if a.ID == "" {
		return func() error { return nil }, nil
	}
	return s.deps.Store.LockSignIn(ctx, model.KeptKeysField+" "+string(a.ID))
}

// ForgetKeptKeys forgets the keys that were kept for an account. AWS ends them when their time is over.
func (s *Service) ForgetKeptKeys(ctx context.Context, a model.Account) error {
	if a.ID == "" || a.Kind == model.KindInstanceRole {
		return nil
	}
	gone, err := s.deps.Store.DeleteSecret(ctx, a.KeptKeysRef())
	if err != nil {
		return err
	}
	s.deps.Secrets.Forget(ctx, gone)
	return nil
}

// consoleEnds is when a sign-in with the console ends that began now.
func (s *Service) consoleEnds() time.Time { return s.deps.Now().Add(longestConsole) }
