// Package accounts is the screen of the accounts that steps run as, and of the AWS accounts that these lead to.
package accounts

import (
	"context"
	"net/url"
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

// SignIns signs people in to AWS, and lists what a sign-in leads to. Every call may take long.
type SignIns interface {
	// SignIn signs in for an account. show is called with what the person has to do (it may be called again); paste is asked for the
	// text that a page shows, for SignInStep.Paste.
	SignIn(ctx context.Context, a model.Account, way model.SignInWay, show func(model.SignInStep),
		paste func(context.Context) (string, error)) (model.SignIn, error)
	SignOut(ctx context.Context, a model.Account) error
	SignIns(ctx context.Context) ([]model.SignIn, error)
	Profiles(ctx context.Context) ([]model.Profile, error)                        // of ~/.aws; runs no process
	ProfileNames(ctx context.Context) ([]string, error)                           // of the same, sooner
	PortalRoles(ctx context.Context, a model.Account) ([]model.PortalRole, error) // what the sign-in of a's portal leads to
	AddAccounts(ctx context.Context, list []model.Account) error                  // all or none
}

type Deps struct {
	Window  fyne.Window
	Store   Store
	Service Service
	SignIns SignIns // nil: no sign-in, no lists of profiles and roles
	// Elsewhere opens terminals and the AWS console; nil: nothing does.
	Elsewhere Elsewhere
	Now       func() time.Time     // nil: time.Now
	Changed   func()               // called after accounts have changed; may be nil
	OpenURL   func(*url.URL) error // in the browser
	// Watch calls changed after each change of the database, of whatever process, until stop is called. All of it happens on the main
	// goroutine. nil: nobody says so.
	Watch func(changed func()) (stop func())
}

func (d Deps) watch(changed func()) (stop func()) {
	if d.Watch == nil {
		return func() {}
	}
	return d.Watch(changed)
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

func (d Deps) openURL(u *url.URL) error {
	if d.OpenURL == nil {
		return nil // the page's address is shown
	}
	return d.OpenURL(u)
}
