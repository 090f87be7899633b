// Package accounts is the place where a person keeps the ways to become somebody in AWS, and names the AWS accounts that those lead to.
package accounts

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
)

// Store keeps what is no secret.
type Store interface {
	Accounts(ctx context.Context) ([]model.Account, error) // the one that always exists first
	AWSAccounts(ctx context.Context) ([]model.AWSAccount, error)
	SaveAWSAccount(ctx context.Context, a model.AWSAccount) error
}

// Keeper saves and tests accounts with their secrets. All of it may take long or ask the person something.
type Keeper interface {
	SaveAccount(ctx context.Context, a *model.Account, secrets model.AccountSecrets) error
	TestAccount(ctx context.Context, name string) (Tested, error)
	RemoveAccount(ctx context.Context, name string) error
	// AccountUsers names what uses the account, such as: variable "aws.account" of project "Website".
	AccountUsers(ctx context.Context, name string) ([]string, error)
}

// Tested is what AWS answered.
type Tested struct {
	model.Verification
	Sandbox   bool
	RoundTrip time.Duration
	Notices   []string
}

// Deps is what the place works with.
type Deps struct {
	Window  fyne.Window
	Store   Store
	Keeper  Keeper
	Now     func() time.Time // nil: time.Now
	Changed func()           // accounts are others now; nil: nobody needs to know
}

func (d Deps) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}

func (d Deps) changed() {
	if d.Changed != nil {
		d.Changed()
	}
}

// Users names where a project uses an account, for whoever implements Keeper.
func Users(account string, p model.Project) []string {
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
