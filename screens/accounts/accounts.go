package accounts

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
	"github.com/stepdeck/stepdeck/screens/widgets/tabs"
)

// Place lists the accounts, and in a second tab the AWS accounts.
type Place struct {
	deps  Deps
	load  async.Task
	tests async.Task
	ask   async.Task // what has to be read before a deletion, or of a dropped file

	accounts []model.Account
	known    []model.AWSAccount
	signIns  []model.SignIn
	leftOut  int                 // how many accounts the tests leave out, as they need a sign-in
	results  map[model.ID]string // of tests that are running or failed
	hidden   map[model.ID]bool   // deleted, with the undo still open

	stage              *feedback.LoadState
	table              *table.Table[model.Account]
	filter             *control.Entry
	edit, test, remove *control.Button
	signIn             *control.Button // nil without Deps.SignIns
	elsewhere          *control.Button // nil without Deps.Elsewhere
	testAll, stop      *control.Button
	status             *feedback.Banner
	hint               bool // status shows what to do first
	undo               *feedback.UndoBar
	tabs               *tabs.Tabs
	aws                *awsAccounts
	editing            *Form
	adding             *addMany
	using              *useSheet
	list               fyne.CanvasObject
}

func New(deps Deps) *Place {
	p := &Place{
		deps: deps, stage: feedback.NewLoadState(), undo: feedback.NewUndoBar(), status: feedback.NewBanner(),
		results: map[model.ID]string{}, hidden: map[model.ID]bool{},
	}
	p.deps.Changed = func() {
		p.reload()
		deps.changed()
	}
	p.build()
	return p
}

func (p *Place) build() {
	p.table = p.newTable()
	p.list = container.NewBorder(container.NewPadded(p.toolbar()), container.NewVBox(p.status.Content(), p.undo.Content()), nil, nil,
		p.table.Content())
	p.aws = newAWSAccounts(p.deps)
	p.tabs = tabs.New(nil,
		tabs.Tab{Title: lang.L("Accounts"), Content: p.list, Focus: func() { p.table.Focus(p.deps.Window) }},
		tabs.Tab{Title: lang.L("AWS accounts"), Content: p.aws.content, Focus: func() { p.aws.table.Focus(p.deps.Window) }},
	)
	p.buttons()
}

func (p *Place) Content() fyne.CanvasObject { return p.stage.Content() }

// Shown reloads the accounts.
func (p *Place) Shown() { p.reload() }

// Focus moves the focus to the table of the tab that is shown.
func (p *Place) Focus() { p.stage.Focus(p.tabs.FocusPage) }

// Hidden makes deletions final and stops tests.
func (p *Place) Hidden() {
	p.stopTests()
	p.undo.Flush()
}

// Add opens the form for a new account.
func (p *Place) Add() { p.edits(model.Account{}) }

type loaded struct {
	accounts []model.Account
	known    []model.AWSAccount
	signIns  []model.SignIn
}

func (d Deps) read(ctx context.Context) (l loaded, err error) {
	if l.accounts, err = d.Store.Accounts(ctx); err != nil {
		return l, err
	}
	if l.known, err = d.Store.AWSAccounts(ctx); err != nil || d.SignIns == nil {
		return l, err
	}
	l.signIns, err = d.SignIns.SignIns(ctx)
	return l, err
}

func (p *Place) reload() {
	async.Load(&p.load, p.deps.read, func(l loaded, err error) {
		if err != nil {
			p.stage.Error(err, func() { p.stage.Loading(); p.reload() })
			return
		}
		p.accounts, p.known, p.signIns = l.accounts, l.known, l.signIns
		p.aws.show(l.known)
		p.show()
	})
}

func (p *Place) show() {
	selected, _ := p.table.Selected()
	var rows []model.Account
	for _, a := range p.accounts {
		if !p.hidden[a.ID] {
			rows = append(rows, a)
		}
	}
	p.table.SetRows(rows)
	p.table.Select(func(a model.Account) bool { return a.ID == selected.ID })
	p.stage.Show(p.tabs)
	if len(rows) <= 1 && !p.undo.Visible() && (p.hint || p.status.Text() == "") {
		p.hint = true
		p.status.Show(lang.L("Add an account: an access key, a profile of ~/.aws, a sign-in with IAM Identity Center or the AWS console, or a "+
			"program that prints keys. The role of this EC2 instance needs none of them."), display.Neutral)
	} else if p.hint && len(rows) > 1 {
		p.hint = false
		p.status.Hide()
	}
	p.buttons()
}

func (p *Place) open(a model.Account) {
	if a.Kind == model.KindInstanceRole {
		dialog.Ask(p.deps.Window, dialog.Question{
			Title: model.InstanceRoleTitle, No: lang.L("Close"),
			Text: lang.L("This account always exists and can't be deleted. It stores no keys: a step that uses it runs with the IAM role " +
				"of this EC2 instance. Test checks whether this computer has one."),
		})
		return
	}
	p.edits(a)
}

// edits opens the form of an account. The form may close when it has saved, so the list repeats what a key was warned of.
func (p *Place) edits(a model.Account) {
	p.editing = Edit(p.deps, a, func(saved model.Account) {
		if odd := p.editing.oddSaved; odd != "" {
			p.hint = false
			p.status.Show(lang.L("{{.Account}} was saved.", map[string]any{"Account": saved.Name})+" "+odd, display.Caution)
		}
	})
}

func (p *Place) Changed() { p.reload() }

// Open selects the account whose name is the first argument.
func (p *Place) Open(args ...any) {
	if len(args) == 0 {
		return
	}
	if name, ok := args[0].(string); ok {
		p.tabs.SelectIndex(0)
		p.table.Select(func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(name) })
	}
}
