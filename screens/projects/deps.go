// Package projects is the screen of projects: the list, and the process, variables and runs of the open project.
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

// Store stores projects and lists their runs.
type Store interface {
	Projects(ctx context.Context) ([]model.ProjectInfo, error)
	Project(ctx context.Context, name string) (model.Project, error)
	// SaveProject saves a project with the secrets typed for its sensitive variables, all or nothing. It may ask the user for the
	// passphrase of the vault, and take long.
	SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error
	DeleteProject(ctx context.Context, name string) error
	Runs(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
}

// Environments stores the environments, which all projects share.
type Environments interface {
	Environments(ctx context.Context) ([]model.Environment, error)
	SaveEnvironment(ctx context.Context, e *model.Environment) error
	DeleteEnvironment(ctx context.Context, name string) error
	OrderEnvironments(ctx context.Context, names []string) error
}

// Planner computes what a run would do.
type Planner interface {
	Plan(ctx context.Context, req runner.Request) (runner.Plan, error)
	Verify(ctx context.Context, req runner.Request) (runner.Plan, []runner.Verdict, error)
}

type Deps struct {
	Window       fyne.Window
	Store        Store
	Environments Environments
	Planner      Planner
	Accounts     accounts.Deps // for New account…; New sets its Window
	Packages     packages.Deps // for Import… and the preview
	Fonts        *monogrid.Fonts
	Now          func() time.Time // nil: time.Now

	// Opened is called after a project was opened or its environments have changed, and with "" when it is closed; may be nil.
	Opened func(project string, environments []string)
	// Run runs a project, or some of its steps; may be nil.
	Run func(project, environment string, steps []string)
	// Runs returns the content of the tab Runs and a function that moves the focus to it; nil: no such tab.
	Runs func(project string) (content fyne.CanvasObject, focus func())

	Import      func()                   // asks for a project file; nil: not offered
	StartPage   func() fyne.CanvasObject // shown while there is no project; nil: a text is shown
	OpenWelcome func()                   // opens the welcome page; nil: not offered
	// ArgumentsText returns arguments as the text of parameters; ok is false if no text stands for them. nil: no text does.
	ArgumentsText func(language model.Language, list []model.Argument) (text string, ok bool)
	// TextArguments returns the arguments that a text of parameters stands for, and the parts of it that none does; nil: none does.
	TextArguments func(language model.Language, declared []model.Parameter, text string) (list []model.Argument, rest []string)
	// Parameters finds out which parameters a script declares, without running it; nil: they are given as text.
	Parameters func(ctx context.Context, language model.Language, edition model.Edition, text string) ([]model.Parameter, error)
	// ParameterFaults returns a sentence for each line of a script that looks like a parameter but is none; nil: they are not looked for.
	ParameterFaults func(language model.Language, text string) []string

	Choose       func(endings []string, done func(path string)) // asks for a file; nil: Fyne's dialog
	ChooseFolder func(done func(path string))                   // nil: Fyne's dialog
}

func (d Deps) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}
