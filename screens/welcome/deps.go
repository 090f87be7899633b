// Package welcome is where a person starts: with the sample, with a project file, or with a script or package, which leads to
// one page from which it runs.
package welcome

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// Store is what the page has to know.
type Store interface {
	Accounts(ctx context.Context) ([]model.Account, error)
	Projects(ctx context.Context) ([]model.ProjectInfo, error)
	Project(ctx context.Context, name string) (model.Project, error)
}

// Maker makes what the page says. It may take long, or ask the person something.
type Maker interface {
	// Begin makes all of it or nothing.
	Begin(ctx context.Context, b Beginning) (Begun, error)
	// TryAccount asks AWS who an account is that is not saved.
	TryAccount(ctx context.Context, a model.Account, secrets model.AccountSecrets) (accounts.Tested, error)
	// TestAccount asks AWS who a saved account is.
	TestAccount(ctx context.Context, name string) (accounts.Tested, error)
}

// Beginning is a step that runs, and all that it needs.
type Beginning struct {
	Account model.Account // without an id: a new one
	Secrets model.AccountSecrets
	Project string
	Step    model.Step
}

// Begun says what was made.
type Begun struct {
	Project, Step, Account, Variable    string
	NewProject, NewAccount, NewVariable bool
}

// Tool is a program that scripts need.
type Tool struct {
	Name, Version string
	Err           error // why there is none
	Needed        bool  // by nearly every script
}

// Deps is what the place works with.
type Deps struct {
	Window   fyne.Window
	Store    Store
	Maker    Maker
	Packages packages.Deps
	Fonts    *monogrid.Fonts
	Tools    func(ctx context.Context) []Tool

	Sample     func(done func(error)) // leads to a finished run of the sample; done is called on the main goroutine
	Import     func()                 // asks for a project file
	NewProject func()                 // asks for the name of an empty one; nil: not offered
	ShowTools  func()                 // leads to where tools are chosen and installed
	Made       func(b Begun, run bool)
	Choose     func(endings []string, done func(path string)) // asks for a file; nil: the toolkit's own window
}
