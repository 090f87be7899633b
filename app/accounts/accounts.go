// Package accounts is the service for accounts: it saves them with their secrets, asks AWS who they are, and names the AWS
// accounts that they belong to.
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

// Deps are the dependencies of the Service.
type Deps struct {
	Store         *store.Store
	Secrets       *secrets.Service
	Configuration runner.Configuration
	Runner        func() *runner.Runner // with the current settings
	// RunnerWith is like Runner, with other secrets and another configuration.
	RunnerWith func(runner.Secrets, runner.Configuration) *runner.Runner
}

// Service manages accounts.
type Service struct {
	records
	deps Deps
}

// records are the methods of the store that callers use directly.
type records interface {
	Accounts(ctx context.Context) ([]model.Account, error) // the built-in one first
	Account(ctx context.Context, name string) (model.Account, error)
	AWSAccounts(ctx context.Context) ([]model.AWSAccount, error)
	AWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
	SaveAWSAccount(ctx context.Context, a model.AWSAccount) error
}

// New returns the service.
func New(deps Deps) *Service { return &Service{deps.Store, deps} }

// Save checks and saves an account with the secrets that were typed for it. It creates a key for an account in the sandbox
// that has none.
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
		// The token belongs to the old key.
		saved.SecretSet, saved.TokenSet = true, false
	}
	saved.TokenSet = saved.TokenSet || typed.SessionToken != ""
	err := s.deps.Secrets.Save(ctx, "save the account", secrets.OfAccount(&saved, typed), func(c *store.Change) error {
		return c.SaveAccount(ctx, &saved)
	})
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

// Test asks AWS who the account is, and saves the answer.
func (s *Service) Test(ctx context.Context, name string) (model.Verified, error) {
	return s.TestWithCode(ctx, name, nil)
}

// TestWithCode is Test with a person who is asked for the code of the account's MFA device, if it needs one. The session that AWS
// gives for the code is kept until it ends.
func (s *Service) TestWithCode(ctx context.Context, name string, ask runner.AskCode) (model.Verified, error) {
	a, err := s.deps.Store.Account(ctx, name)
	if err != nil {
		return model.Verified{}, err
	}
	v, err := s.deps.Runner().EnterCode(ctx, a, ask)
	if err != nil {
		return v, err
	}
	if err := s.deps.Store.SetVerified(ctx, a.ID, v.Verification); err != nil {
		return v, err
	}
	return v, s.deps.Store.SawAWSAccount(ctx, v.AWSID)
}

// EnterCode gives AWS the code of the account's MFA device. The session that AWS gives for it is kept until it ends.
func (s *Service) EnterCode(ctx context.Context, a model.Account, code string) error {
	_, err := s.deps.Runner().EnterCode(ctx, a, func(_ context.Context, _ string, because error) (string, error) {
		return code, because // a second question says why the code was not accepted
	})
	return err
}

// Credentials returns the keys of an account for a program other than a script.
func (s *Service) Credentials(ctx context.Context, u runner.Use) (runner.Credentials, error) {
	return s.deps.Runner().Credentials(ctx, u)
}

// Serve lets a person's own programs use an account until what it returns is closed.
func (s *Service) Serve(ctx context.Context, u runner.Use) (*runner.Served, error) {
	return s.deps.Runner().Serve(ctx, u)
}

// ConsolePage returns a page that signs a browser in to the AWS console as an account. service is the word for a service in the
// console's addresses; empty for the console's home.
func (s *Service) ConsolePage(ctx context.Context, u runner.Use, service string) (runner.ConsolePage, error) {
	return s.deps.Runner().ConsolePage(ctx, u, service)
}

// TestRegion returns the region in which an account is tested, also one without a region of its own. That of a profile is not known
// before the profile is read.
func (*Service) TestRegion(a model.Account) string { return runner.TestRegion(a) }

// Users returns descriptions of what uses the account, such as: variable "aws.account" of project "Website".
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
	search := func(owner string, list []model.Variable) {
		for _, v := range list {
			if v.Type == model.TypeAWSAccount && model.NameKey(v.Value) == model.NameKey(account) {
				users = append(users, fmt.Sprintf("variable %q of %s", v.Name, owner))
			}
		}
	}
	search(fmt.Sprintf("project %q", p.Name), p.Variables)
	for _, s := range p.Steps {
		search(fmt.Sprintf("step %q in project %q", s.Name, p.Name), s.Values)
	}
	return users
}
