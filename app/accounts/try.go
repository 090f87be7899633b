package accounts

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// typedID is the id of an account that is not saved.
const typedID = model.ID("typed")

// Try asks AWS who an account is that has not been saved yet. It saves nothing and doesn't open the vault.
func (s *Service) Try(ctx context.Context, a model.Account, typed model.AccountSecrets) (model.Verified, error) {
	a.ID, a.SecretSet, a.TokenSet = typedID, typed.SecretKey != "", typed.SessionToken != ""
	given := typedSecrets{a.SecretKeyRef(): typed.SecretKey, a.SessionTokenRef(): typed.SessionToken}
	return s.deps.RunnerWith(given, onlyAccount{s.deps.Configuration, a}).TestAccount(ctx, a)
}

// typedSecrets are secrets that were typed in a form.
type typedSecrets map[model.SecretRef]string

// Get implements runner.Secrets.
func (t typedSecrets) Get(_ context.Context, ref model.SecretRef) (string, error) {
	if secret := t[ref]; secret != "" {
		return secret, nil
	}
	return "", model.NewError(model.CodeSecretMissing, "No %s was entered.", ref.Field)
}

// onlyAccount is a configuration with a single account.
type onlyAccount struct {
	runner.Configuration
	account model.Account
}

// Accounts implements runner.Configuration.
func (o onlyAccount) Accounts(context.Context) ([]model.Account, error) {
	return []model.Account{o.account}, nil
}
