package projects

import (
	"fmt"
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

// valueBlock edits one value of a variable, with where it counts.
type valueBlock struct {
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
	b := &valueBlock{f: f, before: v, form: form.New()}
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
	b.expect = newExpectPicker(k, func() choices { return f.place.lib })
	expect := b.form.Add("expect", lang.L("Expected AWS account"), lang.L("Refused in any other one."), b.expect)
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
			list = append(list, form.Problem{Field: "scope", Err: model.NewError("variable.scope.empty", "No environment is ticked. Tick one, or choose All environments.")})
		}
		return list
	}
	b.form.OnChanged = func() {
		for _, other := range f.blocks { // scopes hang together
			if other != b {
				other.form.Validate()
			}
		}
		b.shown()
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
		b.f.place.newAccount(func(name string) {
			b.accounts.SetItems(b.accountItems())
			b.accounts.Pick(name)
		})
	})
	add.SetIcon(fynetheme.ContentAddIcon())
	rows.Add(b.form.AddPickList("value", lang.L("Value"), "", b.accounts).Row())
	rows.Add(container.New(form.Beside{}, container.NewHBox(add, b.check)))
}

func (b *valueBlock) accountItems() []control.Item {
	lib := b.f.place.lib
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
			item.Detail = accounts.KindTitle(a) + " " + model.KeyEnd(a.AccessKeyID)
		}
		if known != "" {
			item.Detail += "   ✓ " + known + ", " + accounts.Ago(a.Verified.At, b.f.place.deps.now())
		}
		items = append(items, item)
	}
	return items
}

func (b *valueBlock) addScope(rows *fyne.Container, v value) {
	k := b.form.Keys
	b.scope = control.NewChoice(k, control.Option{Value: "all", Label: lang.L("All environments")}, control.Option{Value: "only", Label: lang.L("only")})
	environments := slices.Clone(b.f.project.Environments)
	for _, e := range v.Scope { // one that the project has lost stays to be seen
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

// shown tells what the value comes to.
func (b *valueBlock) shown() {
	setVisible(b.boxes, b.scope.Value() == "only" && !b.f.own)
	b.prompt.shown(b)
	if b.check != nil {
		setVisible(b.check, model.NameKey(b.accounts.Value()) == model.InstanceRole)
	}
	note := ""
	if id := strings.TrimSpace(b.expect.Text); id != "" && b.f.place.lib.awsTitle(id) != id {
		note = b.f.place.lib.awsTitle(id)
	}
	b.form.Field("expect").SetNote(note, false)
	if b.text != nil {
		b.form.Field("value").SetNote(b.textNote())
		setVisible(b.move, b.leaks())
	} else if b.accounts != nil && b.accounts.Value() != "" {
		if _, known := b.f.place.lib.account(b.accounts.Value()); !known {
			b.form.Field("value").SetNote(fmt.Sprintf(lang.L("The account %q is not on this computer."), b.accounts.Value()), true)
		} else if !b.work.Busy() {
			b.form.Field("value").SetNote("", false)
		}
	}
}

// leaks tells whether the text looks like a key.
func (b *valueBlock) leaks() bool { return len(leaks(b.f.name.Text+": "+b.text.Text)) > 0 }

// textNote is what #{...} in a text comes to, with all that is being edited; a key in plain sight comes first.
func (b *valueBlock) textNote() (string, bool) {
	if b.leaks() {
		return lang.L("This looks like a key. Everybody who sees the project can read it."), true
	}
	all := append(slices.Clone(b.f.others), typed(b.f.values())...)
	environment := b.f.place.environment
	if v := b.value(); len(v.Scope) > 0 && !v.AppliesTo(environment) {
		environment = v.Scope[0]
	}
	if b.f.own {
		return newScope(b.f.project.Variables, all, environment).note(b.text.Text)
	}
	s := newScope(all, nil, environment)
	s.self = model.NameKey(b.f.name.Text)
	// The text stands for the variable itself here, so that a circle through its own name is seen.
	if name := strings.TrimSpace(b.f.name.Text); name != "" && strings.Contains(b.text.Text, "#{") {
		s.Known = runner.NewKnown(all, []model.Variable{{Name: name, Type: model.TypeText, Value: b.text.Text}}, environment)
		return s.note("#{" + name + "}")
	}
	return s.note(b.text.Text)
}
