package projects

import (
	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// pageDeps is what the pages of the open project need: its steps, its variables and the form of a step.
type pageDeps struct {
	Deps
	lib         *choices
	undo        *feedback.UndoBar
	environment func() string        // the chosen one
	stored      func() model.Project // the open project as stored
	apply       func(projects.Change)
	reload      func()
	failed      func(error) // shows that something was not saved
	newAccount  func(done func(name string))
	openStep    func(model.Step)
	leaveStep   func()
	stepCreated func(model.ID)
}

func (o *project) pageDeps() pageDeps {
	p := o.place
	return pageDeps{
		Deps: p.deps, lib: &p.lib, undo: p.undo, environment: func() string { return p.environment },
		stored: func() model.Project { return o.project }, apply: o.save, reload: o.reload, failed: p.failed,
		newAccount: p.newAccount, openStep: o.openStep, leaveStep: o.leaveStep,
		stepCreated: func(id model.ID) { o.process.table.Select(func(r stepRow) bool { return r.ID == id }) },
	}
}

// varFormDeps is what the form of a variable needs.
type varFormDeps struct {
	Deps
	lib         *choices
	environment func() string
	newAccount  func(done func(name string))
	project     model.Project
}

func (d pageDeps) varFormDeps() varFormDeps {
	return varFormDeps{Deps: d.Deps, lib: d.lib, environment: d.environment, newAccount: d.newAccount, project: d.stored()}
}

// scroller returns the scroll container of a form, which exists only after the form's sections.
type scroller func() *container.Scroll
