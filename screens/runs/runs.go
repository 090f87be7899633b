// Package runs is the screen of runs: the list of all runs, the view of one, and the sheet with the questions before a run starts.
package runs

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/settings"
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

// Store holds the history. Ask sends a command to a run that another process has started.
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
	Artifacts
}

// Planner finds out what a run would do, with which identities, and what it has to ask first.
type Planner interface {
	Preflight(ctx context.Context, req runner.Request, o runner.PreflightOptions) (runner.Preflight, error)
	Choices(ctx context.Context, req runner.Request, of model.ValueName, o runner.ChoicesOptions) (runner.Choices, error)
}

// Engine starts each run in its own process.
type Engine interface {
	Start(ctx context.Context, req engine.Request, onEvent func(engine.Event)) (*engine.Run, error)
}

// Scripts remembers which scripts were shown on this computer.
type Scripts interface {
	Seen(sha256 string) bool
	MarkSeen(ctx context.Context, sha256 ...string) error
}

// Tools helps with a program that is missing.
type Tools interface {
	Install(kind settings.Kind)             // shows how to install it
	Choose(kind settings.Kind, done func()) // asks for its path
	// Forget has everything about programs looked up again.
	Forget(ctx context.Context) error
}

type Deps struct {
	Window  fyne.Window
	Store   Store
	Planner Planner
	Engine  Engine
	Scripts Scripts
	Fonts   *monogrid.Fonts

	Again      func(ctx context.Context, id int64, exactly bool) (runner.Request, error) // the request that repeats a run
	SaveSecret func(ctx context.Context, account model.Account, secretKey string) error
	EnterCode  func(ctx context.Context, account model.Account, code string) error // of the account's MFA device
	SignIn     func(account model.Account, done func(ok bool))                     // leads a person through a sign-in
	LastSignIn func(ctx context.Context, account model.Account) (string, error)    // changes when somebody signs in with the aws command
	Account    func(ctx context.Context, name string) (model.Account, error)
	Navigate   func(to string, args ...any)
	EditStep   func(project, step string)                     // nil: not offered
	Pins       Pins                                           // nil: not offered
	Tools      Tools                                          // nil: no help with missing programs
	Save       func(name string, done func(path string))      // asks for a file to write; nil: Fyne's dialog
	Choose     func(endings []string, done func(path string)) // asks for a file; nil: Fyne's dialog
	SaveFolder func(done func(path string))                   // asks for a folder to write to; nil: Fyne's dialog
	OpenPath   func(path string) error                        // opens a document or folder with the system's program; nil: not offered
	Who        string                                         // recorded as the user who started a run
	Now        func() time.Time                               // nil: time.Now
}

// Place shows the list of runs or one run.
type Place struct {
	deps     Deps
	list     *list
	tab      *list // on a project's page; nil until OfProject
	view     *view
	stack    *fyne.Container
	shown    bool
	opened   time.Time             // when a page was opened
	calmFrom time.Time             // until then clicks start no run
	own      map[int64]*engine.Run // running, started by this window
	start    starter

	drawn   map[bool]*theme.Drawn // true: of the view; false: of the list
	acting  async.Task
	undo    *feedback.UndoBar
	hidden  map[int64]bool // deleted, with the undo still open
	content fyne.CanvasObject
}

func New(deps Deps) *Place {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	p := &Place{
		deps: deps, own: map[int64]*engine.Run{}, stack: container.NewStack(), undo: feedback.NewUndoBar(), hidden: map[int64]bool{},
	}
	inView, inList := theme.DrawnNow(), theme.DrawnNow()
	p.drawn = map[bool]*theme.Drawn{true: &inView, false: &inList}
	p.start = starter{deps: deps, calm: p.calm, clicked: p.noteCancel, started: p.started, onEvent: p.handleEvent}
	p.list = newList(p.listDeps())
	p.view = newView(p.viewDeps())
	p.stack.Objects = []fyne.CanvasObject{p.list.content}
	p.content = container.NewBorder(nil, p.undo.Content(), nil, nil, p.stack)
	return p
}

// listDeps returns the needs of a list. The functions look up p.deps when they are called: tests replace some of them.
func (p *Place) listDeps() listDeps {
	return listDeps{
		window: p.deps.Window, store: p.deps.Store, now: p.deps.Now,
		open: func(run int64) { p.deps.Navigate("runs", run) }, findInLog: p.findInLog,
		again: func(run int64) { p.again(run, false) }, remove: p.remove, menu: p.runMenu,
		hidden: func(run int64) bool { return p.hidden[run] }, canStart: func() bool { return p.settled() && p.calm() },
	}
}

func (p *Place) viewDeps() viewDeps {
	return viewDeps{
		window: p.deps.Window, store: p.deps.Store, fonts: p.deps.Fonts, now: p.deps.Now, editStep: p.deps.EditStep, pins: p.deps.Pins,
		artifacts: artifactDeps{
			window: p.deps.Window, artifacts: p.deps.Store, save: p.save, saveFolder: p.saveFolder, open: p.deps.OpenPath,
		},
		home: p.Home, again: func(run int64) { p.again(run, false) }, menu: p.runMenu, save: p.save,
		own: func(run int64) bool { return p.own[run] != nil }, end: p.end, noteStop: p.noteStop,
		awaiting: awaitingDeps{
			window: p.deps.Window, account: p.deps.Account, signIn: p.deps.SignIn,
			enterCode: func(ctx context.Context, a model.Account, code string) error { return p.deps.EnterCode(ctx, a, code) },
		},
		placeShown: func() bool { return p.shown }, shown: p.viewing, settled: p.settled, calm: p.calm,
	}
}

// findInLog shows the first match of text in the log of a step run, if that run is shown.
func (p *Place) findInLog(run, stepRun int64, text string) {
	if p.view.id == run {
		p.view.findInLog(stepRun, text)
	}
}

func (p *Place) Content() fyne.CanvasObject { return p.content }

func (p *Place) Shown() {
	p.shown = true
	p.Changed()
	if p.viewing() {
		p.view.tick()
	}
}

// Hidden makes deletions final.
func (p *Place) Hidden() {
	p.shown = false
	p.flush()
}

// Leave makes deletions final before the window closes.
func (p *Place) Leave(then func()) {
	p.flush()
	then()
}

// Changed updates the page after a change in the database.
func (p *Place) Changed() {
	if p.viewing() {
		p.view.load()
	} else {
		p.list.changed()
	}
}

// Home shows the list.
func (p *Place) Home() {
	p.view.close()
	p.noteOpen()
	p.swap(p.list.content)
	p.list.load()
	p.Focus()
}

// Focus moves the focus to the log of the shown run, or to the list.
func (p *Place) Focus() {
	if !p.viewing() {
		p.list.focus()
		return
	}
	p.view.stage.Focus(func() { focus.Offer(p.deps.Window, p.view.pane.log) })
}

// Back returns from a run to the list.
func (p *Place) Back() {
	if p.viewing() {
		p.Home()
	}
}

// Open shows the run with the number or the runs of the project with the name in args.
func (p *Place) Open(args ...any) {
	switch arg := args[0].(type) {
	case int64:
		if !p.viewing() || p.view.id != arg {
			p.noteOpen()
		}
		p.view.open(arg)
		p.swap(p.view.content)
		p.Focus()
	case string:
		p.list.ofProject(arg)
		p.Home()
	}
}

// StopShown stops the shown run, as its Stop button does.
func (p *Place) StopShown() {
	if p.shown && p.viewing() {
		p.view.askToStop()
	}
}

// Find moves the focus to the search of the shown log, or of the list.
func (p *Place) Find() {
	if p.viewing() {
		p.view.pane.find.Focus(p.deps.Window.Canvas())
		return
	}
	p.deps.Window.Canvas().Focus(p.list.search)
}

// Start starts a run, after a sheet if there are questions.
func (p *Place) Start(w Wanted) { p.start.begin(w) }

func (p *Place) viewing() bool {
	return len(p.stack.Objects) == 1 && p.stack.Objects[0] == p.view.content
}

func (p *Place) swap(content fyne.CanvasObject) {
	focus.Swap(p.stack, content)
	p.drawn[p.viewing()].Shown()
}

// started shows a run that this window has started, and follows it to its end.
func (p *Place) started(run *engine.Run) {
	p.own[run.ID] = run
	go func() {
		<-run.Done()
		err := run.Err()
		fyne.Do(func() {
			delete(p.own, run.ID)
			if p.view.id == run.ID {
				p.view.ended(err)
			}
		})
	}()
	p.deps.Navigate("runs", run.ID)
}

func (p *Place) handleEvent(run int64, ev engine.Event) {
	if p.view.id == run {
		p.view.handleEvent(ev)
	}
}

// end stops a run: directly if this window started it, else by a command in the store.
func (p *Place) end(id int64, force bool) {
	command := model.StopRun
	if force {
		command = model.KillRun
	}
	run := p.own[id]
	go func() {
		var err error
		switch {
		case run != nil && force:
			err = run.Kill()
		case run != nil:
			err = run.Stop()
		}
		if run == nil || err != nil {
			err = p.deps.Store.Ask(context.Background(), id, command)
		}
		if err != nil && model.ErrorCode(err) != model.CodeRunOver {
			fyne.Do(func() { dialog.ShowError(p.deps.Window, lang.L("The run can't be stopped"), err) })
		}
	}()
}
