package accounts

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// awsForm edits one AWS account.
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
	f.protected = control.NewCheck(k, lang.L("Protected: each run asks for its id or label"))
	f.form.Add("id", lang.L("AWS account"), lang.L("Twelve digits."), f.id)
	f.form.Add("label", lang.L("Label"), lang.L("Your name for it, such as Website-prod."), f.label)
	f.form.Add("colour", lang.L("Colour"), lang.L("Steps that act in this AWS account are shown in this colour."),
		container.NewBorder(nil, nil, nil, container.NewCenter(f.preview), f.colour))
	f.form.Add("protected", lang.L("Protected"), "", f.protected)
	f.colour.OnChosen = func(string) { f.form.Changed() }
	f.form.OnChanged = f.updatePreview
	f.form.Check = func() []form.Problem {
		var list []form.Problem
		for _, p := range f.account().Check() {
			list = append(list, form.Problem(p))
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
	f.updatePreview()
	return f
}

func (f *awsForm) updatePreview() {
	a := f.account()
	text := ""
	if a.Colour != "" {
		text = a.String()
	}
	f.preview.Set(text, display.Neutral, string(a.Colour))
}

func (f *awsForm) account() model.AWSAccount {
	return model.AWSAccount{
		ID: strings.TrimSpace(f.id.Text), Label: strings.TrimSpace(f.label.Text),
		Colour: model.Colour(f.colour.Value()), Protected: f.protected.Checked,
	}
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
		account := f.account() // read here: the fields belong to the main goroutine
		save := func(ctx context.Context) error { return t.deps.Store.SaveAWSAccount(ctx, account) }
		async.Do(&t.save, save, func(err error) {
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
