package accounts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

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
	ask   async.Task // questions that a deletion or a dropped file asks first

	accounts []model.Account
	known    []model.AWSAccount
	results  map[model.ID]string // of tests that are going on or failed
	hidden   map[model.ID]bool   // deleted, and that can still be taken back

	stage              *feedback.LoadState
	table              *table.Table[model.Account]
	filter             *control.Entry
	edit, test, remove *control.Button
	testAll, stop      *control.Button
	status             *feedback.Banner
	hint               bool // status says what to do first
	undo               *feedback.UndoBar
	tabs               *tabs.Tabs
	aws                *awsAccounts
	editing            *Form
	list               fyne.CanvasObject
}

// New makes the place.
func New(deps Deps) *Place {
	p := &Place{deps: deps, stage: feedback.NewLoadState(), undo: feedback.NewUndoBar(), status: feedback.NewBanner(), results: map[model.ID]string{}, hidden: map[model.ID]bool{}}
	p.deps.Changed = func() {
		p.reload()
		deps.changed()
	}
	p.build()
	return p
}

func (p *Place) build() {
	p.table = table.New(
		table.Column[model.Account]{Title: lang.L("Name"), Cell: func(a model.Account) table.Cell {
			c := table.Cell{Text: Title(a), Bold: true}
			if a.NeedsSecret() {
				c.Badge, c.Tone = lang.L("needs secret on this computer"), display.Caution
			}
			return c
		}},
		table.Column[model.Account]{Title: lang.L("Kind"), Width: 160, Cell: func(a model.Account) table.Cell {
			text := KindTitle(a)
			if a.AccessKeyID != "" {
				text += " " + model.KeyEnd(a.AccessKeyID)
			}
			return table.Cell{Text: text, Muted: true}
		}},
		table.Column[model.Account]{Title: lang.L("Known to be"), Width: 250, Cell: p.knownCell},
		table.Column[model.Account]{Title: lang.L("Last verified"), Width: 100, Cell: func(a model.Account) table.Cell {
			return table.Cell{Text: Ago(a.Verified.At, p.deps.now()), Muted: true}
		}, Compare: func(a, b model.Account) int { return b.Verified.At.Compare(a.Verified.At) }},
	)
	p.table.Pinned = func(a model.Account) bool { return a.Kind == model.KindInstanceRole }
	p.table.OnOpened = p.open
	p.table.OnSelected = func(model.Account) { p.buttons() }
	p.table.OnKey = func(a model.Account, ev *fyne.KeyEvent) bool {
		if ev.Name == fyne.KeyDelete {
			p.delete(a)
			return true
		}
		return false
	}
	add := control.NewButton(nil, lang.L("Add account"), p.Add).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	p.edit = control.NewButton(nil, lang.L("Edit"), func() { p.selected(p.open) })
	p.test = control.NewButton(nil, lang.L("Test"), func() {
		p.selected(func(a model.Account) { p.runTests([]model.Account{a}) })
	})
	p.remove = control.NewButton(nil, lang.L("Delete"), func() { p.selected(p.delete) })
	p.testAll = control.NewButton(nil, lang.L("Test all"), func() { p.runTests(p.testable()) })
	p.stop = control.NewButton(nil, lang.L("Stop"), p.stopTests)
	p.stop.Hide()
	p.filter = control.NewEntry(nil)
	p.filter.SetPlaceHolder(lang.L("Filter"))
	p.filter.OnChanged = func(text string) { p.table.SetFilter(text); p.buttons() }
	bar := container.NewHBox(add, p.edit, p.test, p.remove, layout.NewSpacer(), container.NewGridWrap(fyne.NewSize(200, p.filter.MinSize().Height), p.filter), p.testAll, p.stop)
	p.list = container.NewBorder(container.NewPadded(bar), container.NewVBox(p.status.Content(), p.undo.Content()), nil, nil, p.table.Content())
	p.aws = newAWSAccounts(p.deps)
	p.tabs = tabs.New(nil,
		tabs.Tab{Title: lang.L("Accounts"), Content: p.list, Focus: func() { p.table.Focus(p.deps.Window) }},
		tabs.Tab{Title: lang.L("AWS accounts"), Content: p.aws.content, Focus: func() { p.aws.table.Focus(p.deps.Window) }},
	)
	p.buttons()
}

// Content gives what to show.
func (p *Place) Content() fyne.CanvasObject { return p.stage.Content() }

// Shown reads the accounts anew.
func (p *Place) Shown() { p.reload() }

// Focus gives the keyboard to the table of the tab that is shown.
func (p *Place) Focus() { p.stage.Focus(p.tabs.FocusPage) }

// Hidden ends what belongs to the moment: deletions are final, tests stop.
func (p *Place) Hidden() {
	p.stopTests()
	p.undo.Flush()
}

// Add opens the form for a new account.
func (p *Place) Add() { p.editing = Edit(p.deps, model.Account{}, nil) }

func (p *Place) formOpen() bool {
	return p.editing != nil && p.editing.dialog != nil && p.editing.dialog.Visible()
}

// DroppedOver takes a dropped accessKeys.csv into the form while that lies over the place.
func (p *Place) DroppedOver(paths []string) bool { return p.formOpen() && p.Dropped(paths) }

// Dropped takes an accessKeys.csv into the form, which opens if it is not. It reports whether it takes such files.
func (p *Place) Dropped(paths []string) bool {
	if len(paths) != 1 || !strings.HasSuffix(strings.ToLower(paths[0]), ".csv") {
		return false
	}
	if !p.formOpen() {
		p.Add()
	}
	form := p.editing
	async.Load(&p.ask, func(context.Context) (string, error) { return ReadKeyFile(paths[0]) }, func(text string, err error) {
		if err == nil && !form.Fill(text) {
			err = model.NewError("account.csv", "The file %s holds no access key. Use the accessKeys.csv that the IAM console gives.", paths[0])
		}
		if err != nil {
			form.result.Show(err.Error(), display.Bad)
		}
	})
	return true
}

// ReadKeyFile reads as much of a dropped file as a key file can have.
func ReadKeyFile(path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", model.NewError("account.csv.read", "The file %s can't be read. Check its rights.", path).Because(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, MaxPaste+1))
	if err != nil || len(data) > MaxPaste {
		return string(data), err // too long for a key file: nothing is found in it
	}
	return model.DecodeSecret(data, "The file "+path)
}

type loaded struct {
	accounts []model.Account
	known    []model.AWSAccount
}

func (p *Place) reload() {
	async.Load(&p.load, func(ctx context.Context) (l loaded, err error) {
		if l.accounts, err = p.deps.Store.Accounts(ctx); err != nil {
			return l, err
		}
		l.known, err = p.deps.Store.AWSAccounts(ctx)
		return l, err
	}, func(l loaded, err error) {
		if err != nil {
			p.stage.Error(err, func() { p.stage.Loading(); p.reload() })
			return
		}
		p.accounts, p.known = l.accounts, l.known
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
		p.status.Show(lang.L("Add an account with an access key, or use the role of this EC2 instance, which needs none."), display.Neutral)
	} else if p.hint && len(rows) > 1 {
		p.hint = false
		p.status.Hide()
	}
	p.buttons()
}

func (p *Place) knownCell(a model.Account) table.Cell {
	if text := p.results[a.ID]; text != "" {
		return table.Cell{Text: text, Muted: true}
	}
	aws, text := Known(a, p.known)
	if text == "" {
		return table.Cell{Text: "–", Muted: true}
	}
	cell := table.Cell{Text: text + " · " + shortARN(a.Verified.ARN), Bar: "-"}
	if aws.Colour != "" {
		cell.Bar = string(aws.Colour)
	}
	return cell
}

func (p *Place) selected(do func(model.Account)) {
	if a, ok := p.table.Selected(); ok {
		do(a)
	}
}

func (p *Place) buttons() {
	a, ok := p.table.Selected()
	enable := func(b *control.Button, on bool) {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	own := ok && a.Kind != model.KindInstanceRole
	enable(p.edit, own)
	enable(p.remove, own)
	enable(p.test, ok && !p.tests.Busy())
	enable(p.testAll, len(p.testable()) > 0 && !p.tests.Busy())
}

func (p *Place) open(a model.Account) {
	if a.Kind == model.KindInstanceRole {
		dialog.Ask(p.deps.Window, dialog.Question{
			Title: model.InstanceRoleTitle, No: lang.L("Close"),
			Text: lang.L("Always there and can't be deleted. It stores no keys: a step that uses it is the IAM role of the EC2 instance that this computer is. Test asks whether there is one."),
		})
		return
	}
	p.editing = Edit(p.deps, a, nil)
}

// testable are the accounts shown whose test needs nothing more. The instance role is tested by its own button only: on
// other computers the answer takes a while and is no.
func (p *Place) testable() []model.Account {
	return slices.DeleteFunc(slices.Clone(p.table.Rows()), func(a model.Account) bool { return a.NeedsSecret() || a.Kind == model.KindInstanceRole })
}

// runTests asks AWS who each account is, one after another.
func (p *Place) runTests(list []model.Account) {
	if len(list) == 0 {
		return
	}
	clear(p.results)
	for _, a := range list {
		p.results[a.ID] = lang.L("testing…")
	}
	p.status.Hide()
	p.hint = false
	p.stop.Show()
	p.testNext(list, 0, nil)
}

func (p *Place) testNext(list []model.Account, good int, failed []string) {
	p.show()
	if len(list) == 0 {
		p.stop.Hide()
		p.tested(good, failed)
		return
	}
	a := list[0]
	async.Load(&p.tests, func(ctx context.Context) (model.Verified, error) { return p.deps.Service.Test(ctx, a.Name) }, func(v model.Verified, err error) {
		if err != nil {
			p.results[a.ID] = lang.L("failed")
			failed = append(failed, Title(a)+": "+err.Error())
		} else {
			good++
			delete(p.results, a.ID)
			for i := range p.accounts {
				if p.accounts[i].ID == a.ID {
					p.accounts[i].Verified = v.Verification
				}
			}
		}
		p.testNext(list[1:], good, failed)
	})
	p.buttons()
}

func (p *Place) tested(good int, failed []string) {
	switch {
	case len(failed) > 0:
		text := strings.Join(failed, "\n")
		p.status.Show(text, display.Bad, control.NewButton(nil, lang.L("Copy"), func() { fyne.CurrentApp().Clipboard().SetContent(text) }))
	default:
		p.status.Show(fmt.Sprintf(lang.L("Tested: %d, all good."), good), display.Good)
	}
	p.buttons()
	p.deps.changed()
}

func (p *Place) stopTests() {
	if !p.tests.Busy() {
		return
	}
	p.tests.Cancel()
	clear(p.results)
	p.stop.Hide()
	p.show()
}

// delete takes an account out of the list, and for good once it can't be taken back: its secrets can't be restored.
func (p *Place) delete(a model.Account) {
	if a.Kind == model.KindInstanceRole {
		return
	}
	p.undo.Flush()
	async.Load(&p.ask, func(ctx context.Context) ([]string, error) { return p.deps.Service.Users(ctx, a.Name) }, func(users []string, err error) {
		what := fmt.Sprintf(lang.L("The account %q can't be deleted"), a.Name)
		if err != nil {
			dialog.ShowError(p.deps.Window, what, err)
			return
		}
		if len(users) > 0 {
			dialog.ShowError(p.deps.Window, what, model.NewError("account.used", "It is used by:\n· %s\n\nChoose another account there first.", strings.Join(users, "\n· ")))
			return
		}
		p.hidden[a.ID] = true
		p.undo.Show(fmt.Sprintf(lang.L("The account %q was deleted."), a.Name), func() {
			delete(p.hidden, a.ID)
			p.show()
		}, func() { p.deleteForGood(a) })
		p.show()
	})
}

func (p *Place) deleteForGood(a model.Account) {
	// The window may go before it is done, so the work has a context of its own and a limit.
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err := p.deps.Service.Remove(ctx, a.Name)
		fyne.Do(func() {
			delete(p.hidden, a.ID)
			if err != nil {
				dialog.ShowError(p.deps.Window, fmt.Sprintf(lang.L("The account %q can't be deleted"), a.Name), err)
			}
			p.deps.changed()
		})
	}()
}

// Changed hears that somebody has changed something.
func (p *Place) Changed() { p.reload() }

// Open selects the account of that name.
func (p *Place) Open(args ...any) {
	if len(args) == 0 {
		return
	}
	if name, ok := args[0].(string); ok {
		p.tabs.SelectIndex(0)
		p.table.Select(func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(name) })
	}
}
