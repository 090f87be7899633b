// Package accounts is the place where a person keeps the ways to become somebody in AWS, and names the AWS accounts that those lead to.
package accounts

import (
	"context"
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

// Service saves and tests accounts with their secrets. All of it may take long or ask the person something.
type Service interface {
	Save(ctx context.Context, a *model.Account, secrets model.AccountSecrets) error
	Test(ctx context.Context, name string) (model.Verified, error)
	Remove(ctx context.Context, name string) error
	// Users names what uses the account, such as: variable "aws.account" of project "Website".
	Users(ctx context.Context, name string) ([]string, error)
}

// Deps is what the place works with.
type Deps struct {
	Window  fyne.Window
	Store   Store
	Service Service
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
