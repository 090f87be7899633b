// Package accounts is what a person does with accounts: keep them with their secrets, ask AWS who they are, and name the
// AWS accounts that they lead to.
package accounts

import (
	"context"
	"fmt"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// Deps is what the service works with.
type Deps struct {
	Store         *store.Store
	Secrets       *secrets.Service
	Configuration runner.Configuration
	Runner        func() *runner.Runner // that works by the settings of this moment
	// RunnerWith is like Runner, with other secrets and another configuration.
	RunnerWith func(runner.Secrets, runner.Configuration) *runner.Runner
}

// Service keeps accounts.
type Service struct {
	listings
	deps Deps
}

// listings are what is read and written as it is stored.
type listings interface {
	Accounts(ctx context.Context) ([]model.Account, error) // the one that always exists first
	Account(ctx context.Context, name string) (model.Account, error)
	AWSAccounts(ctx context.Context) ([]model.AWSAccount, error)
	AWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
	SaveAWSAccount(ctx context.Context, a model.AWSAccount) error
}

// New makes the service.
func New(deps Deps) *Service { return &Service{deps.Store, deps} }

// Save checks and saves an account and seals its secrets. An account in the sandbox without a key is given one.
func (s *Service) Save(ctx context.Context, a *model.Account, typed model.AccountSecrets) error {
	if a.InSandbox() && a.AccessKeyID == "" && typed.SecretKey == "" && !a.SecretSet {
		key := sandbox.NewKey()
		a.AccessKeyID, typed.SecretKey = key.AccessKeyID, key.SecretKey
	}
	if err := model.Problems("The account "+a.Name, append(a.Check(), a.CheckSecrets(typed)...)); err != nil {
		return err
	}
	saved := *a
	if typed.SecretKey != "" {
		// A new key without a token is no temporary one, whatever the old was.
		saved.SecretSet, saved.TokenSet = true, false
	}
	saved.TokenSet = saved.TokenSet || typed.SessionToken != ""
	err := s.deps.Secrets.Save(ctx, "save the account", secrets.OfAccount(&saved, typed), func(c *store.Change) error { return c.SaveAccount(ctx, &saved) })
	if err == nil {
		*a = saved
	}
	return err
}

// Remove removes an account that nothing uses, with its secrets.
func (s *Service) Remove(ctx context.Context, name string) error {
	gone, err := s.deps.Store.DeleteAccount(ctx, name)
	if err != nil {
		return err
	}
	s.deps.Secrets.Forget(ctx, gone)
	return nil
}

// Test asks AWS who the account is, and keeps a good answer.
func (s *Service) Test(ctx context.Context, name string) (model.Verified, error) {
	a, err := s.deps.Store.Account(ctx, name)
	if err != nil {
		return model.Verified{}, err
	}
	v, err := s.deps.Runner().TestAccount(ctx, a)
	if err != nil {
		return v, err
	}
	if err := s.deps.Store.SetVerified(ctx, a.ID, v.Verification); err != nil {
		return v, err
	}
	return v, s.deps.Store.SawAWSAccount(ctx, v.AWSID)
}

// Users names what uses the account, such as: variable "aws.account" of project "Website".
func (s *Service) Users(ctx context.Context, name string) ([]string, error) {
	list, err := s.deps.Store.Projects(ctx)
	if err != nil {
		return nil, err
	}
	var users []string
	for _, info := range list {
		p, err := s.deps.Store.Project(ctx, info.Name)
		if err != nil {
			return nil, err
		}
		users = append(users, usersIn(p, name)...)
	}
	return users, nil
}

func usersIn(p model.Project, account string) []string {
	var users []string
	look := func(of string, list []model.Variable) {
		for _, v := range list {
			if v.Type == model.TypeAWSAccount && model.NameKey(v.Value) == model.NameKey(account) {
				users = append(users, fmt.Sprintf("variable %q of %s", v.Name, of))
			}
		}
	}
	look(fmt.Sprintf("project %q", p.Name), p.Variables)
	for _, s := range p.Steps {
		look(fmt.Sprintf("step %q in project %q", s.Name, p.Name), s.Values)
	}
	return users
}
