// Package welcome is the place where a person starts: with the sample, with a project file, or with a script or package, for which a page
// opens from where it can be run.
package welcome

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// Accounts lists the accounts and asks AWS about them. Asking may take long, or ask the person for a secret.
type Accounts interface {
	Accounts(ctx context.Context) ([]model.Account, error)
	// Try asks AWS who an account is that is not saved.
	Try(ctx context.Context, a model.Account, secrets model.AccountSecrets) (model.Verified, error)
	// Test asks AWS who a saved account is.
	Test(ctx context.Context, name string) (model.Verified, error)
}

// Projects lists the projects and creates what the page describes.
type Projects interface {
	Projects(ctx context.Context) ([]model.ProjectInfo, error)
	Project(ctx context.Context, name string) (model.Project, error)
	// CreateStep creates everything or nothing. It may take long, or ask the person for a secret.
	CreateStep(ctx context.Context, r projects.StepRequest) (projects.CreatedStep, error)
}

// Deps is what the place needs.
type Deps struct {
	Window   fyne.Window
	Accounts Accounts
	Projects Projects
	Packages packages.Deps
	// AddAccount opens the form for an account of a kind that this page has no fields for, and calls done each time it was saved. nil:
	// such kinds are not offered.
	AddAccount func(kind model.AccountKind, done func(model.Account))
	Fonts      *monogrid.Fonts
	Tools      func(ctx context.Context) []settings.Program

	Sample     func(done func(error)) // runs the sample; done is called on the main goroutine
	Import     func()                 // asks for a project file
	NewProject func()                 // asks for the name of an empty project; nil: not offered
	ShowTools  func()                 // opens the settings of the tools
	Made       func(b projects.CreatedStep, run bool)
	Choose     func(endings []string, done func(path string)) // asks for a file; nil: Fyne's own dialog
}
