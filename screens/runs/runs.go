// Package runs is the place of runs: the list of all of them, the view of one while it goes on and afterwards, and the sheet
// that asks what a run needs to know before it starts.
package runs

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// Store is what the place reads of the history, and how it asks a run of somebody else to end.
type Store interface {
	Runs(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
	CountRuns(ctx context.Context, filter model.RunFilter) (int, error)
	RunProjects(ctx context.Context) ([]string, error)
	Run(ctx context.Context, id int64) (model.Run, error)
	LogLen(ctx context.Context, stepRunID int64) (int64, error)
	ReadLog(ctx context.Context, stepRunID, from int64, count int) ([]model.LogLine, error)
	AWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
	AWSAccounts(ctx context.Context) ([]model.AWSAccount, error)
	Project(ctx context.Context, name string) (model.Project, error)
	Ask(ctx context.Context, runID int64, command model.RunCommand) error
	KeepRun(ctx context.Context, id int64, kept bool) error
	DeleteRun(ctx context.Context, id int64) error
}

// Planner says what a run would do, who it would be and what it needs first.
type Planner interface {
	Preflight(ctx context.Context, req runner.Request, o runner.PreflightOptions) (runner.Preflight, error)
}

// Engine starts runs in processes of their own.
type Engine interface {
	Start(ctx context.Context, req engine.Request, heard func(engine.Event)) (*engine.Run, error)
}

// Scripts remembers which scripts the person at this computer has had before the eyes.
type Scripts interface {
	Seen(sha256 string) bool
	MarkSeen(ctx context.Context, sha256 ...string) error
}

// Deps is what the place needs.
type Deps struct {
	Window  fyne.Window
	Store   Store
	Planner Planner
	Engine  Engine
	Scripts Scripts
	Fonts   *monogrid.Fonts

	Again      func(ctx context.Context, id int64, exactly bool) (runner.Request, error) // the request that runs a run once more
	SaveSecret func(ctx context.Context, account model.Account, secretKey string) error
	Navigate   func(to string, args ...any)
	EditStep   func(project, step string)                // nil: not offered
	Save       func(name string, done func(path string)) // asks for a file to write; nil: the toolkit's own window
	Who        string                                    // starts the runs of this window
	Now        func() time.Time                          // nil: time.Now
}

// Place is the place of runs. It shows the list or one run.
type Place struct {
	deps            Deps
	list            *list
	tab             *list // on a project's page; nil before there is one
	view            *view
	stack           *fyne.Container
	shown           bool
	opened, stopped time.Time       // the page in sight; a run, or the wish for one
	live            map[int64]*live // runs that this window started and that go on
	start           starter

	drawn     map[bool]*theme.Drawn // the view, and the list
	acting    async.Task
	exporting async.Task
	undo      *feedback.UndoBar
	hidden    map[int64]bool // deleted, and that can still be taken back
	content   fyne.CanvasObject
}

// live is a run that this window started.
type live struct{ run *engine.Run }

// New makes the place.
func New(deps Deps) *Place {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	p := &Place{deps: deps, live: map[int64]*live{}, stack: container.NewStack(), undo: feedback.NewUndoBar(), hidden: map[int64]bool{}}
	inView, inList := theme.DrawnNow(), theme.DrawnNow()
	p.drawn = map[bool]*theme.Drawn{true: &inView, false: &inList}
	p.start.place = p
	p.list = newList(p)
	p.view = newView(p)
	p.stack.Objects = []fyne.CanvasObject{p.list.content}
	p.content = container.NewBorder(nil, p.undo.Content(), nil, nil, p.stack)
	return p
}

// Content gives what to put into the frame.
func (p *Place) Content() fyne.CanvasObject { return p.content }

// Shown hears that the place is in sight.
func (p *Place) Shown() {
	p.shown = true
	p.Changed()
	if p.viewing() {
		p.view.tick()
	}
}

// Hidden hears that it is not any more. Deletions become final.
func (p *Place) Hidden() {
	p.shown = false
	p.flush()
}

// Leave makes deletions final, as before the window closes.
func (p *Place) Leave(then func()) {
	p.flush()
	then()
}

// Changed hears that something has changed in the database.
func (p *Place) Changed() {
	if p.viewing() {
		p.view.load()
	} else {
		p.list.changed()
	}
}

// Home leads back to the list.
func (p *Place) Home() {
	p.view.close()
	p.opens()
	p.swap(p.list.content)
	p.list.load()
	p.Focus()
}

// Focus gives the keyboard to the log of the run in sight, or to the list.
func (p *Place) Focus() {
	if !p.viewing() {
		p.list.focus()
		return
	}
	p.view.stage.Focus(func() { focus.Offer(p.deps.Window, p.view.pane.log) })
}

// Back leads from a run to the list.
func (p *Place) Back() {
	if p.viewing() {
		p.Home()
	}
}

// Open shows a run by its number, or the list of a project's runs by its name.
func (p *Place) Open(args ...any) {
	switch what := args[0].(type) {
	case int64:
		if what != p.Viewing() {
			p.opens()
		}
		p.view.open(what)
		p.swap(p.view.content)
		p.Focus()
	case string:
		p.list.ofProject(what)
		p.Home()
	}
}

// Viewing gives the number of the run in sight, or 0.
func (p *Place) Viewing() int64 {
	if p.viewing() {
		return p.view.id
	}
	return 0
}

// StopShown asks the run in sight to end, as its Stop button does.
func (p *Place) StopShown() {
	if p.shown && p.viewing() {
		p.view.askToStop()
	}
}

// Find goes to the search: in the log of the run in sight, or in the list.
func (p *Place) Find() {
	if p.viewing() {
		p.view.pane.find.Focus(p.deps.Window.Canvas())
		return
	}
	p.deps.Window.Canvas().Focus(p.list.search)
}

// Start runs what is wanted, after a sheet where something needs an answer.
func (p *Place) Start(w Wanted) { p.start.begin(w) }

func (p *Place) viewing() bool {
	return len(p.stack.Objects) == 1 && p.stack.Objects[0] == p.view.content
}

func (p *Place) swap(content fyne.CanvasObject) {
	focus.Swap(p.stack, content)
	p.drawn[p.viewing()].Shown()
}

// began keeps the hold on a run that this window started, and shows it.
func (p *Place) began(run *engine.Run) {
	p.live[run.ID] = &live{run: run}
	go func() {
		<-run.Done()
		err := run.Err()
		fyne.Do(func() {
			delete(p.live, run.ID)
			if p.view.id == run.ID {
				p.view.ended(err)
			}
		})
	}()
	p.deps.Navigate("runs", run.ID)
}

// heard takes what the engine of a run tells.
func (p *Place) heard(run int64, ev engine.Event) {
	if p.view.id == run {
		p.view.heard(ev)
	}
}

// end asks a run to end, through its own input where this window started it, else through the store.
func (p *Place) end(id int64, force bool) {
	word := model.StopRun
	if force {
		word = model.KillRun
	}
	l := p.live[id]
	go func() {
		var err error
		switch {
		case l != nil && force:
			err = l.run.Kill()
		case l != nil:
			err = l.run.Stop()
		}
		if l == nil || err != nil {
			err = p.deps.Store.Ask(context.Background(), id, word)
		}
		if err != nil && model.ErrorCode(err) != model.CodeRunOver {
			fyne.Do(func() { dialog.ShowError(p.deps.Window, lang.L("The run can't be stopped"), err) })
		}
	}()
}
