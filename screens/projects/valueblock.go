package projects

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// valueBlock edits one value of a variable and its scope.
type valueBlock struct {
	varFormDeps
	f      *varForm
	before value
	form   *form.Form
	work   async.Task

	text     *control.Entry    // of the type Text
	move     *control.Button   // shown while the text looks like a key
	secret   *control.Secret   // of the type Sensitive
	accounts *control.PickList // of the type Amazon Web Services Account
	check    *control.Button
	expect   *control.Combo
	scope    *control.Choice
	only     []*control.Check
	boxes    *fyne.Container
	prompt   *promptPart
	title    *widget.Label
	head     *fyne.Container
	content  fyne.CanvasObject
}

func newValueBlock(f *varForm, v value) *valueBlock {
	b := &valueBlock{varFormDeps: f.varFormDeps, f: f, before: v, form: form.New()}
	b.form.Keys = f.form.Keys
	k := f.form.Keys
	rows := container.NewVBox()
	b.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	remove := control.NewButton(k, lang.L("Remove"), func() { f.removeBlock(b) }).Quiet()
	b.head = container.NewHBox(b.title, layout.NewSpacer(), remove)
	rows.Add(b.head)
	switch v.Type {
	case model.TypeSensitive:
		b.secret = control.NewSecret(k)
		b.secret.SetStored(v.ValueSet)
		rows.Add(b.form.Add("value", lang.L("Value"), lang.L("Kept in the vault and never shown again."), b.secret).Row())
	case model.TypeAWSAccount:
		b.addAccounts(rows, v)
	default:
		b.text = control.NewMultiline(k, 2)
		b.move = control.NewButton(k, lang.L("Move to a Sensitive variable"), f.makeSensitive)
		b.move.Hide()
		rows.Add(b.form.Add("value", lang.L("Value"), "", b.text).Row())
		rows.Add(container.New(form.Beside{}, container.NewHBox(b.move)))
	}
	b.addScope(rows, v)
	b.expect = newExpectPicker(k, f.lib)
	expect := b.form.Add("expect", lang.L("Expected AWS account"), lang.L("Steps do not run in any other."), b.expect)
	expect.SetVisible(v.Type == model.TypeAWSAccount)
	rows.Add(expect.Row())
	b.prompt = newPromptPart(b, v.Prompt)
	rows.Add(b.prompt.fold.Content())
	b.form.Fill(func() {
		if b.text != nil {
			b.text.SetText(v.Value)
		}
		if b.secret != nil && v.secret != "" {
			b.secret.SetText(v.secret)
		}
		b.expect.SetText(v.Expect)
	})
	b.form.Check = func() []form.Problem {
		list := f.problems(slices.Index(f.blocks, b))
		if b.scope.Value() == "only" && len(b.value().Scope) == 0 {
			err := model.NewError("variable.scope.empty", "No environment is selected. Select one, or choose All environments.")
			list = append(list, form.Problem{Field: "scope", Err: err})
		}
		return list
	}
	b.form.OnChanged = func() {
		for _, other := range f.blocks { // their scopes may conflict
			if other != b {
				other.form.Validate()
			}
		}
		b.update()
	}
	b.content = rows
	return b
}

func (b *valueBlock) addAccounts(rows *fyne.Container, v value) {
	k := b.form.Keys
	items := b.accountItems()
	b.accounts = control.NewPickList(k, max(3, min(6, len(items))))
	b.accounts.SetItems(items)
	b.accounts.SetValue(v.Value)
	b.check = control.NewButton(k, lang.L("Check"), b.checkInstance)
	add := control.NewButton(k, lang.L("New account…"), func() {
		b.newAccount(func(name string) {
			b.accounts.SetItems(b.accountItems())
			b.accounts.Pick(name)
		})
	})
	add.SetIcon(fynetheme.ContentAddIcon())
	rows.Add(b.form.AddPickList("value", lang.L("Value"), "", b.accounts).Row())
	rows.Add(container.New(form.Beside{}, container.NewHBox(add, b.check)))
}

func (b *valueBlock) accountItems() []control.Item {
	lib := b.lib
	var items []control.Item
	for _, a := range lib.accounts {
		item := control.Item{Value: a.Name, Title: accounts.Title(a)}
		_, known := accounts.Known(a, lib.aws)
		switch {
		case a.Kind == model.KindInstanceRole:
			item.Detail = lang.L("stores no keys")
		case a.NeedsSecret():
			item.Detail = lang.L("needs secret on this computer")
		default:
			item.Detail = accounts.KindLine(a)
		}
		if known != "" {
			item.Detail += "   ✓ " + known + ", " + accounts.Ago(a.Verified.At, b.now())
		}
		items = append(items, item)
	}
	return items
}

func (b *valueBlock) addScope(rows *fyne.Container, v value) {
	k := b.form.Keys
	b.scope = control.NewChoice(k, control.Option{Value: "all", Label: lang.L("All environments")},
		control.Option{Value: "only", Label: lang.L("only")})
	environments := slices.Clone(b.project.Environments)
	for _, e := range v.Scope { // also one that the project no longer has
		if !slices.ContainsFunc(environments, func(x string) bool { return model.NameKey(x) == model.NameKey(e) }) {
			environments = append(environments, e)
		}
	}
	b.boxes = container.New(layout.NewRowWrapLayout())
	for _, e := range environments {
		box := control.NewCheck(k, e)
		box.Checked = len(v.Scope) > 0 && v.AppliesTo(e)
		box.OnChanged = func(bool) {
			b.form.Changed()
			b.form.Left("scope")
		}
		b.only = append(b.only, box)
		b.boxes.Add(box)
	}
	if len(v.Scope) > 0 {
		b.scope.SetValue("only")
	}
	field := b.form.Add("scope", lang.L("Scope"), "", b.scope)
	rows.Add(field.Row())
	rows.Add(container.New(form.Beside{}, b.boxes))
	field.SetVisible(!b.f.own && len(environments) > 0)
}

func (b *valueBlock) value() value {
	v := b.before
	switch {
	case b.text != nil:
		v.Value = b.text.Text
	case b.secret != nil:
		v.Value, v.secret = "", b.secret.Value()
	default:
		v.Value = b.accounts.Value()
	}
	v.Scope = nil
	if b.scope.Value() == "only" {
		for _, box := range b.only {
			if box.Checked {
				v.Scope = append(v.Scope, box.Text)
			}
		}
	}
	v.Expect = strings.TrimSpace(b.expect.Text)
	v.Prompt = b.prompt.prompt()
	return v
}

// update shows the resolved value and other notes.
func (b *valueBlock) update() {
	setVisible(b.boxes, b.scope.Value() == "only" && !b.f.own)
	b.prompt.update(b)
	if b.check != nil {
		setVisible(b.check, model.NameKey(b.accounts.Value()) == model.InstanceRole)
	}
	note := ""
	if id := strings.TrimSpace(b.expect.Text); id != "" && b.lib.awsTitle(id) != id {
		note = b.lib.awsTitle(id)
	}
	b.form.Field("expect").SetNote(note, false)
	if b.text != nil {
		b.form.Field("value").SetNote(b.textNote())
		setVisible(b.move, b.leaks())
	} else if b.accounts != nil && b.accounts.Value() != "" {
		if _, known := b.lib.account(b.accounts.Value()); !known {
			note := lang.L("The account “{{.Account}}” is not on this computer.", map[string]any{"Account": b.accounts.Value()})
			b.form.Field("value").SetNote(note, true)
		} else if !b.work.Busy() {
			b.form.Field("value").SetNote("", false)
		}
	}
}

// leaks reports whether the text looks like a key.
func (b *valueBlock) leaks() bool { return len(leaks(b.f.name.Text+": "+b.text.Text)) > 0 }

// textNote returns a warning about a key, or the text with its expressions resolved, edits included.
func (b *valueBlock) textNote() (string, bool) {
	if b.leaks() {
		return lang.L("This looks like a key. Everybody who sees the project can read it."), true
	}
	all := append(slices.Clone(b.f.others), typed(b.f.values())...)
	environment := b.environment()
	if v := b.value(); len(v.Scope) > 0 && !v.AppliesTo(environment) {
		environment = v.Scope[0]
	}
	if b.f.own {
		return newScope(b.project.Variables, all, environment).note(b.text.Text)
	}
	s := newScope(all, nil, environment)
	s.self = model.NameKey(b.f.name.Text)
	// The variable itself is expanded, so that a cycle through its own name is detected.
	if name := strings.TrimSpace(b.f.name.Text); name != "" && strings.Contains(b.text.Text, "#{") {
		s.Known = runner.NewKnown(all, []model.Variable{{Name: name, Type: model.TypeText, Value: b.text.Text}}, environment)
		return s.note("#{" + name + "}")
	}
	return s.note(b.text.Text)
}
