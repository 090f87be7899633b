// Package projects is the place of the projects: their list, and of an open one its process, its variables and its runs.
package projects

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// Store keeps projects.
type Store interface {
	Projects(ctx context.Context) ([]model.ProjectInfo, error)
	Project(ctx context.Context, name string) (model.Project, error)
	// SaveProject saves a project with what was typed for its sensitive variables, all of it or nothing. It may ask the
	// person for what opens the vault, and take long.
	SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error
	DeleteProject(ctx context.Context, name string) error
	Runs(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
}

// Environments keeps the one list of environments.
type Environments interface {
	Environments(ctx context.Context) ([]model.Environment, error)
	SaveEnvironment(ctx context.Context, e *model.Environment) error
	DeleteEnvironment(ctx context.Context, name string) error
	OrderEnvironments(ctx context.Context, names []string) error
}

// Planner says what a run would do.
type Planner interface {
	Plan(ctx context.Context, req runner.Request) (runner.Plan, error)
	Verify(ctx context.Context, req runner.Request) (runner.Plan, []runner.Verdict, error)
}

// Deps is what the place works with.
type Deps struct {
	Window       fyne.Window
	Store        Store
	Environments Environments
	Planner      Planner
	Accounts     accounts.Deps // for New account…; its Window is set here
	Packages     packages.Deps // for Import… and the preview
	Fonts        *monogrid.Fonts
	Now          func() time.Time // nil: time.Now

	Opened func(project string, environments []string)                    // a project was opened, or has other environments; "": none is open
	Run    func(project, environment string, steps []string)              // starts a run, or the sheet before it; no steps: all that are enabled
	Runs   func(project string) (content fyne.CanvasObject, focus func()) // the tab Runs and what gives it the keyboard; nil: there is none
	Import func()                                                         // asks for a project file; nil: not offered
	Doors  func() fyne.CanvasObject                                       // the ways to begin, shown while there is no project; nil: a sentence
	Begin  func()                                                         // leads to those ways; nil: not offered
	Choose func(endings []string, done func(path string))                 // asks for a file; nil: the toolkit's own window

	ChooseFolder func(done func(path string)) // nil: the toolkit's own window
}

func (d Deps) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}
