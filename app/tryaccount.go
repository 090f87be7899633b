package app

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// typedID stands for an account that is not saved.
const typedID = model.ID("typed")

// TryAccount asks AWS who an account is that nobody has saved yet. Nothing is kept, and no vault is opened.
func (s *Services) TryAccount(ctx context.Context, a model.Account, secrets model.AccountSecrets) (awsenv.Verified, error) {
	a.ID, a.SecretSet, a.TokenSet = typedID, secrets.SecretKey != "", secrets.SessionToken != ""
	typed := typedSecrets{a.SecretKeyRef(): secrets.SecretKey, a.SessionTokenRef(): secrets.SessionToken}
	return s.newRunner(s.Now(), typed, onlyAccount{configuration{s.Store}, a}).TestAccount(ctx, a)
}

// typedSecrets are those in a form.
type typedSecrets map[model.SecretRef]string

// Get implements runner.Secrets.
func (t typedSecrets) Get(_ context.Context, ref model.SecretRef) (string, error) {
	if secret := t[ref]; secret != "" {
		return secret, nil
	}
	return "", model.NewError("secret.missing", "No %s was entered.", ref.Field)
}

// onlyAccount is a configuration in which there is one account.
type onlyAccount struct {
	runner.Configuration
	account model.Account
}

// Accounts implements runner.Configuration.
func (o onlyAccount) Accounts(context.Context) ([]model.Account, error) {
	return []model.Account{o.account}, nil
}
