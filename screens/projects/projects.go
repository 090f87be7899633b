package projects

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Place shows the list of projects or the open one.
type Place struct {
	deps  Deps
	load  async.Task
	queue *projects.Queue
	lib   choices

	list *list
	open *project // nil: the list is shown
	box  *fyne.Container
	undo *feedback.UndoBar

	drawn theme.Drawn // the list

	environment string
}

func New(deps Deps) *Place {
	deps.Accounts.Window, deps.Packages.Window = deps.Window, deps.Window
	deps.Packages.Fonts = deps.Fonts
	p := &Place{
		deps: deps, queue: projects.NewQueue(deps.Store, fyne.Do), box: container.NewStack(), undo: feedback.NewUndoBar(),
	}
	p.list = newList(p)
	p.drawn = theme.DrawnNow()
	p.put(p.list.stage.Content())
	return p
}

func (p *Place) put(content fyne.CanvasObject) {
	focus.Swap(p.box, container.NewBorder(nil, p.undo.Content(), nil, nil, content))
	if content == p.list.stage.Content() {
		p.drawn.Shown()
	}
}

// Focus moves the focus to the list of projects, or to the page of the open project.
func (p *Place) Focus() {
	if p.open != nil {
		p.open.stage.Focus(p.open.tabs.FocusPage)
		return
	}
	p.list.stage.Focus(func() { p.list.table.Focus(p.deps.Window) })
}

func (p *Place) Content() fyne.CanvasObject { return p.box }

func (p *Place) Shown() { p.Changed() }

// Hidden makes deletions final.
func (p *Place) Hidden() { p.undo.Flush() }

// Changed reloads what is shown after a change in the database. Unsaved edits stay.
func (p *Place) Changed() {
	if p.open != nil {
		p.open.reload()
		return
	}
	p.list.reload()
}

// New asks for the name of a new project and opens it.
func (p *Place) New() { p.list.add() }

// Open opens the project with the name args[0], or the list if it is empty. args[1] is the name of a step to open, or "variables".
func (p *Place) Open(args ...any) {
	name, page := text(args, 0), text(args, 1)
	if name == "" {
		p.Leave(p.Home)
		return
	}
	p.Leave(func() { p.openProject(name, page) })
}

func text(args []any, i int) string {
	if i >= len(args) {
		return ""
	}
	s, _ := args[i].(string)
	return s
}

// Home shows the list.
func (p *Place) Home() {
	p.undo.Flush()
	p.open = nil
	p.put(p.list.stage.Content())
	if p.deps.Opened != nil {
		p.deps.Opened("", nil)
	}
	p.list.reload()
	p.Focus()
}

// Back returns from a step to the list of steps.
func (p *Place) Back() {
	if p.form() != nil {
		p.open.leaveStep()
	}
}

// form returns the visible form of a step, or nil. Shortcuts must not change one on a hidden tab.
func (p *Place) form() *StepForm {
	if p.open == nil || p.open.tabs.SelectedIndex() != 0 {
		return nil
	}
	return p.open.form
}

// Leave calls then after the user has agreed to discard unsaved edits, if there are any.
func (p *Place) Leave(then func()) {
	if p.open != nil && p.open.dirty() {
		dialog.AskDiscard(p.deps.Window, func() {
			p.open.discard()
			p.Settle(then)
		})
		return
	}
	p.Settle(then)
}

// Settle makes deletions final and calls then after all changes are saved. It has to be called before a run.
func (p *Place) Settle(then func()) {
	p.undo.Flush()
	p.queue.Afterwards(then)
}

// SetEnvironment sets the environment for which values are shown.
func (p *Place) SetEnvironment(name string) {
	p.environment = name
	if p.open != nil {
		p.open.environmentChanged()
	}
}

// Project returns the name of the open project, or "".
func (p *Place) Project() string {
	if p.open == nil {
		return ""
	}
	return p.open.project.Name
}

// Dropped loads a dropped script, package or folder into the open step. It reports whether it accepts paths.
func (p *Place) Dropped(paths []string) bool {
	f := p.form()
	return f != nil && f.Dropped(paths)
}

// Save saves the step in the visible form.
func (p *Place) Save() {
	if f := p.form(); f != nil {
		f.Save(nil)
	}
}

// Find opens the search in the edited script.
func (p *Place) Find() {
	if f := p.form(); f != nil {
		f.openFind()
	}
}

func (p *Place) openProject(name, page string) {
	p.undo.Flush()
	p.open = newProject(p, name, page)
	p.put(p.open.stage.Content())
	p.Focus()
	p.open.reload()
}

// readChoices loads what the fields offer.
func (p *Place) readChoices(ctx context.Context) (l choices, err error) {
	if l.accounts, err = p.deps.Accounts.Store.Accounts(ctx); err != nil {
		return l, err
	}
	if l.aws, err = p.deps.Accounts.Store.AWSAccounts(ctx); err != nil {
		return l, err
	}
	if l.packages, err = p.deps.Packages.Store.Packages(ctx); err != nil {
		return l, err
	}
	l.environments, err = p.deps.Environments.Environments(ctx)
	return l, err
}

func (p *Place) setChoices(l choices) { p.lib = l }

// newAccount opens the form of a new account and calls done with its name after it was saved.
func (p *Place) newAccount(done func(name string)) {
	accounts.Edit(p.deps.Accounts, model.Account{}, func(a model.Account) {
		if _, known := p.lib.account(a.Name); !known {
			p.lib.accounts = append(slices.Clone(p.lib.accounts), a)
		}
		done(a.Name)
	})
}

// failed shows that something was not saved.
func (p *Place) failed(err error) {
	dialog.ShowError(p.deps.Window, lang.L("Not saved"), err)
}
