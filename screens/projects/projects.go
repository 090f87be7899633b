package projects

import (
	"context"
	"fmt"
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

// New makes the place.
func New(deps Deps) *Place {
	deps.Accounts.Window, deps.Packages.Window = deps.Window, deps.Window
	deps.Packages.Fonts = deps.Fonts
	p := &Place{deps: deps, queue: projects.NewQueue(deps.Store, fyne.Do), box: container.NewStack(), undo: feedback.NewUndoBar()}
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

// Focus gives the keyboard to what is shown: the list of projects, or the page of the open one.
func (p *Place) Focus() {
	if p.open != nil {
		p.open.stage.Focus(p.open.tabs.FocusPage)
		return
	}
	p.list.stage.Focus(func() { p.list.table.Focus(p.deps.Window) })
}

// Content gives what to show.
func (p *Place) Content() fyne.CanvasObject { return p.box }

// Shown reads what is shown anew.
func (p *Place) Shown() { p.Changed() }

// Hidden makes deletions final.
func (p *Place) Hidden() { p.undo.Flush() }

// Changed hears that somebody has changed something. What is being edited stays.
func (p *Place) Changed() {
	if p.open != nil {
		p.open.reload()
		return
	}
	p.list.reload()
}

// New asks for the name of a new project and opens it.
func (p *Place) New() { p.list.add() }

// Open opens a project by its name; a second name is that of a step whose form is opened, or "variables".
func (p *Place) Open(args ...any) {
	name, what := text(args, 0), text(args, 1)
	if name == "" {
		p.Leave(p.Home)
		return
	}
	p.Leave(func() { p.openProject(name, what) })
}

func text(args []any, i int) string {
	if i >= len(args) {
		return ""
	}
	s, _ := args[i].(string)
	return s
}

// Home leads back to the list.
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

// Back leaves the form of a step.
func (p *Place) Back() {
	if p.form() != nil {
		p.open.leaveStep()
	}
}

// form is that of the step on the screen, or nil. One behind another tab is not: nobody sees what becomes of it.
func (p *Place) form() *StepForm {
	if p.open == nil || p.open.tabs.SelectedIndex() != 0 {
		return nil
	}
	return p.open.form
}

// Leave calls then once nothing unsaved is in the way.
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

// Settle makes deletions final and waits for what is being saved. Whatever runs the project calls it first.
func (p *Place) Settle(then func()) {
	p.undo.Flush()
	p.queue.Afterwards(then)
}

// SetEnvironment is the environment that values are shown for.
func (p *Place) SetEnvironment(name string) {
	p.environment = name
	if p.open != nil {
		p.open.environmentChanged()
	}
}

// Project is the name of the open project, or "".
func (p *Place) Project() string {
	if p.open == nil {
		return ""
	}
	return p.open.project.Name
}

// Dropped takes files into the open step: a script as its text, a package into the library. It reports whether it did.
func (p *Place) Dropped(paths []string) bool {
	f := p.form()
	return f != nil && f.Dropped(paths)
}

// Save saves what is being edited.
func (p *Place) Save() {
	if f := p.form(); f != nil {
		f.Save(nil)
	}
}

// Find opens the search in the script that is being edited.
func (p *Place) Find() {
	if f := p.form(); f != nil {
		f.openFind()
	}
}

func (p *Place) openProject(name, what string) {
	p.undo.Flush()
	p.open = newProject(p, name, what)
	p.put(p.open.stage.Content())
	p.Focus()
	p.open.reload()
}

// readChoices reads what there is to choose from, in the background.
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

// newAccount opens the form for an account over whatever is open, and comes back with its name.
func (p *Place) newAccount(done func(name string)) {
	accounts.Edit(p.deps.Accounts, model.Account{}, func(a model.Account) {
		if _, known := p.lib.account(a.Name); !known {
			p.lib.accounts = append(slices.Clone(p.lib.accounts), a)
		}
		done(a.Name)
	})
}

// failed tells that something could not be saved.
func (p *Place) failed(err error) {
	dialog.ShowError(p.deps.Window, lang.L("Not saved"), err)
}

func quoted(format, name string) string { return fmt.Sprintf(format, name) }
