package app

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// AccountSecrets are the secrets of an account as a person gives them; empty ones stay as they are.
type AccountSecrets struct {
	SecretKey    string
	SessionToken string
}

// SaveAccount checks and saves an account and seals its secrets. An account in the sandbox without a key is given one.
func (s *Services) SaveAccount(ctx context.Context, a *model.Account, secrets AccountSecrets) error {
	if a.InSandbox() && a.AccessKeyID == "" && secrets.SecretKey == "" && !a.SecretSet {
		key := sandbox.NewKey()
		a.AccessKeyID, secrets.SecretKey = key.AccessKeyID, key.SecretKey
	}
	if err := model.Problems("The account "+a.Name, append(a.Check(), a.CheckSecrets(secrets.SecretKey, secrets.SessionToken)...)); err != nil {
		return err
	}
	before := *a
	if secrets.SecretKey == "" && secrets.SessionToken == "" {
		return s.Store.SaveAccount(ctx, a)
	}
	// The vault may ask somebody, so it is opened before anything is saved.
	if err := s.openVault(ctx); err != nil {
		return err
	}
	if err := s.Store.SaveAccount(ctx, a); err != nil { // gives it its id
		return err
	}
	sealed := map[model.SecretRef]string{}
	if secrets.SecretKey != "" {
		sealed[a.SecretKeyRef()], a.SecretSet = secrets.SecretKey, true
		// A new key without a token is no temporary one, whatever the old was.
		a.TokenSet = false
	}
	if secrets.SessionToken != "" {
		sealed[a.SessionTokenRef()], a.TokenSet = secrets.SessionToken, true
	}
	if err := s.Vault.Put(ctx, sealed); err != nil {
		a.SecretSet, a.TokenSet = before.SecretSet, before.TokenSet
		return err
	}
	return s.Store.SaveAccount(ctx, a)
}

// RemoveAccount removes an account that nothing uses, with its secrets.
func (s *Services) RemoveAccount(ctx context.Context, name string) error {
	gone, err := s.Store.DeleteAccount(ctx, name)
	if err != nil {
		return err
	}
	return s.forget(ctx, gone)
}

// TestAccount asks AWS who the account is, and keeps a good answer.
func (s *Services) TestAccount(ctx context.Context, name string) (awsenv.Verified, error) {
	a, err := s.Store.Account(ctx, name)
	if err != nil {
		return awsenv.Verified{}, err
	}
	v, err := s.Runner().TestAccount(ctx, a)
	if err != nil {
		return v, err
	}
	if err := s.Store.SetVerified(ctx, a.ID, v.Verification); err != nil {
		return v, err
	}
	return v, s.Store.SawAWSAccount(ctx, v.AWSID)
}
