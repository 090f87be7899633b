package accounts

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// awsAccounts is the tab of Amazon's accounts: what a person knows them by.
type awsAccounts struct {
	deps    Deps
	save    async.Task
	table   *table.Table[model.AWSAccount]
	edit    *control.Button
	banner  *feedback.Banner
	content fyne.CanvasObject
	form    *awsForm
}

func newAWSAccounts(deps Deps) *awsAccounts {
	t := &awsAccounts{deps: deps, banner: feedback.NewBanner()}
	t.table = table.New(
		table.Column[model.AWSAccount]{Title: lang.L("AWS account"), Width: 160, Cell: func(a model.AWSAccount) table.Cell {
			cell := table.Cell{Text: a.ID, Mono: true, Bar: "-"}
			if a.Colour != "" {
				cell.Bar = string(a.Colour)
			}
			return cell
		}},
		table.Column[model.AWSAccount]{Title: lang.L("Label"), Cell: func(a model.AWSAccount) table.Cell { return table.Cell{Text: a.Label, Bold: true} }},
		table.Column[model.AWSAccount]{Title: lang.L("Colour"), Width: 130, Cell: func(a model.AWSAccount) table.Cell {
			if a.Colour == "" {
				return table.Cell{Text: "–", Muted: true}
			}
			return table.Cell{Badge: colourTitle(a.Colour), Colour: string(a.Colour)}
		}},
		table.Column[model.AWSAccount]{Title: lang.L("Protected"), Width: 130, Cell: func(a model.AWSAccount) table.Cell {
			if a.Protected {
				return table.Cell{Badge: lang.L("PROTECTED"), Tone: display.Bad}
			}
			return table.Cell{Text: lang.L("no"), Muted: true}
		}},
	)
	t.table.OnOpened = t.open
	add := control.NewButton(nil, lang.L("Add AWS account"), func() { t.open(model.AWSAccount{}) })
	add.SetIcon(fynetheme.ContentAddIcon())
	t.edit = control.NewButton(nil, lang.L("Edit"), func() {
		if a, ok := t.table.Selected(); ok {
			t.open(a)
		}
	})
	t.edit.Disable()
	t.table.OnSelected = func(model.AWSAccount) { t.edit.Enable() }
	t.content = container.NewBorder(container.NewPadded(container.NewHBox(add, t.edit)), t.banner.Content(), nil, nil, t.table.Content())
	return t
}

func (t *awsAccounts) show(list []model.AWSAccount) {
	t.table.SetRows(list)
	t.edit.Disable()
	if len(list) == 0 {
		t.banner.Show(lang.L("An AWS account is entered here when its id is first seen, as by Save and test. Give it a label and a colour, and protect the ones that must not be run in by mistake."), display.Neutral)
	} else {
		t.banner.Hide()
	}
}

func colourTitle(c model.Colour) string {
	switch c {
	case "grey":
		return lang.L("grey")
	case "blue":
		return lang.L("blue")
	case "teal":
		return lang.L("teal")
	case "green":
		return lang.L("green")
	case "yellow":
		return lang.L("yellow")
	case "orange":
		return lang.L("orange")
	case "red":
		return lang.L("red")
	case "purple":
		return lang.L("purple")
	}
	return string(c)
}

// awsForm edits what one AWS account is known by.
type awsForm struct {
	form      *form.Form
	id, label *control.Entry
	colour    *control.Select
	protected *control.Check
	preview   *display.Badge
}

func newAWSForm(a model.AWSAccount) *awsForm {
	f := &awsForm{form: form.New(), preview: display.NewMarkBadge("", "")}
	k := f.form.Keys
	f.id, f.label = control.NewEntry(k), control.NewEntry(k)
	options := []control.Option{{Value: "", Label: lang.L("none")}}
	for _, c := range model.Colours() {
		options = append(options, control.Option{Value: string(c), Label: colourTitle(c)})
	}
	f.colour = control.NewSelect(k, options...)
	f.protected = control.NewCheck(k, lang.L("Protected: a run in it needs its id or label typed"))
	f.form.Add("id", lang.L("AWS account"), lang.L("Twelve digits."), f.id)
	f.form.Add("label", lang.L("Label"), lang.L("What people call it, such as Website-prod."), f.label)
	f.form.Add("colour", lang.L("Colour"), lang.L("Whatever acts in this AWS account is shown in it."), container.NewBorder(nil, nil, nil, container.NewCenter(f.preview), f.colour))
	f.form.Add("protected", lang.L("Protected"), "", f.protected)
	f.colour.OnChosen = func(string) { f.form.Changed() }
	f.form.OnChanged = f.shown
	f.form.Check = func() []form.Problem {
		var list []form.Problem
		for _, p := range f.account().Check() {
			list = append(list, form.Problem{Field: p.Field, Err: p.Err})
		}
		return list
	}
	f.form.Fill(func() {
		f.id.SetText(a.ID)
		f.label.SetText(a.Label)
		f.colour.SetValue(string(a.Colour))
		f.protected.SetChecked(a.Protected)
	})
	if a.ID != "" {
		f.id.Disable()
	}
	f.shown()
	return f
}

func (f *awsForm) shown() {
	a := f.account()
	text := ""
	if a.Colour != "" {
		text = a.String()
	}
	f.preview.Set(text, display.Neutral, string(a.Colour))
}

func (f *awsForm) account() model.AWSAccount {
	return model.AWSAccount{ID: strings.TrimSpace(f.id.Text), Label: strings.TrimSpace(f.label.Text), Colour: model.Colour(f.colour.Value()), Protected: f.protected.Checked}
}

func (t *awsAccounts) open(a model.AWSAccount) {
	f := newAWSForm(a)
	t.form = f
	result := feedback.NewBanner()
	title := lang.L("Add AWS account")
	first := fyne.Focusable(f.id)
	if a.ID != "" {
		title, first = a.ID, f.label
	}
	rows := form.Rows(f.form.Field("id"), f.form.Field("label"), f.form.Field("colour"), f.form.Field("protected"))
	d := &dialog.Dialog{
		Title: title, Keys: f.form.Keys, Confirm: lang.L("Save"), Size: fyne.NewSize(600, 340), First: first, Dirty: f.form.Dirty,
		Content: container.NewBorder(nil, result.Content(), nil, nil, form.Scroll(rows)),
	}
	d.OnConfirm = func() {
		if f.form.ShowAll() != nil {
			return
		}
		d.SetBusy(true)
		account := f.account() // what the fields say now; they belong to the main goroutine
		async.Do(&t.save, func(ctx context.Context) error { return t.deps.Store.SaveAWSAccount(ctx, account) }, func(err error) {
			d.SetBusy(false)
			if err != nil {
				if model.ErrorCode(err) == model.CodeAWSLabelTaken {
					f.form.Explain("label", err)
				}
				result.Show(err.Error(), display.Bad)
				return
			}
			f.form.Saved()
			d.Close()
			t.deps.changed()
		})
	}
	d.Show(t.deps.Window)
}
