// Package accounts is the screen of the accounts that steps run as, and of the AWS accounts that these lead to.
package accounts

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
)

// Store keeps everything but the secrets.
type Store interface {
	Accounts(ctx context.Context) ([]model.Account, error) // the instance role comes first
	AWSAccounts(ctx context.Context) ([]model.AWSAccount, error)
	SaveAWSAccount(ctx context.Context, a model.AWSAccount) error
}

// Service saves and tests accounts with their secrets. Every call may take long or ask the user for something.
type Service interface {
	Save(ctx context.Context, a *model.Account, secrets model.AccountSecrets) error
	Test(ctx context.Context, name string) (model.Verified, error)
	Remove(ctx context.Context, name string) error
	// Users lists what uses the account, such as: variable "aws.account" of project "Website".
	Users(ctx context.Context, name string) ([]string, error)
}

type Deps struct {
	Window  fyne.Window
	Store   Store
	Service Service
	Now     func() time.Time // nil: time.Now
	Changed func()           // called after accounts have changed; may be nil
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
