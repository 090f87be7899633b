package app

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// SaveAccount checks and saves an account and seals its secrets. An account in the sandbox without a key is given one.
func (s *Services) SaveAccount(ctx context.Context, a *model.Account, secrets model.AccountSecrets) error {
	if a.InSandbox() && a.AccessKeyID == "" && secrets.SecretKey == "" && !a.SecretSet {
		key := sandbox.NewKey()
		a.AccessKeyID, secrets.SecretKey = key.AccessKeyID, key.SecretKey
	}
	if err := model.Problems("The account "+a.Name, append(a.Check(), a.CheckSecrets(secrets)...)); err != nil {
		return err
	}
	saved := *a
	if secrets.SecretKey != "" {
		// A new key without a token is no temporary one, whatever the old was.
		saved.SecretSet, saved.TokenSet = true, false
	}
	saved.TokenSet = saved.TokenSet || secrets.SessionToken != ""
	err := s.keep(ctx, "save the account", sealed(&saved, secrets), func(c *store.Change) error { return c.SaveAccount(ctx, &saved) })
	if err == nil {
		*a = saved
	}
	return err
}

// sealed lists the secrets of an account that is about to be saved with them.
func sealed(a *model.Account, s model.AccountSecrets) []newSecret {
	var list []newSecret
	if s.SecretKey != "" {
		list = append(list, newSecret{model.SecretKeyField, s.SecretKey, owned(func() model.SecretRef { return a.SecretKeyRef() })})
	}
	if s.SessionToken != "" {
		list = append(list, newSecret{model.SessionTokenField, s.SessionToken, owned(func() model.SecretRef { return a.SessionTokenRef() })})
	}
	return list
}

// RemoveAccount removes an account that nothing uses, with its secrets.
func (s *Services) RemoveAccount(ctx context.Context, name string) error {
	gone, err := s.Store.DeleteAccount(ctx, name)
	if err != nil {
		return err
	}
	s.forget(ctx, gone)
	return nil
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
