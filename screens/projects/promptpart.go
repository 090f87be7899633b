package projects

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// promptPart edits how a run asks for the value.
type promptPart struct {
	ask      *control.Check
	label    *control.Entry
	help     *control.Entry
	control  *control.Select
	options  *control.Entry
	required *control.Check
	rows     *fyne.Container
	fold     *form.Section
}

func newPromptPart(b *valueBlock, p *model.Prompt) *promptPart {
	k := b.form.Keys
	t := &promptPart{
		ask: control.NewCheck(k, lang.L("Ask for the value when a run starts")), label: control.NewEntry(k), help: control.NewEntry(k),
		options: control.NewMultiline(k, 2), required: control.NewCheck(k, lang.L("required")),
	}
	t.control = control.NewSelect(k,
		control.Option{Value: string(model.ControlText), Label: lang.L("single line")},
		control.Option{Value: string(model.ControlMultiline), Label: lang.L("multiple lines")},
		control.Option{Value: string(model.ControlSelect), Label: lang.L("list of options")},
		control.Option{Value: string(model.ControlCheckbox), Label: lang.L("checkbox")},
	)
	ask := b.form.Add("prompt", "", "", t.ask)
	options := b.form.Add("prompt.options", lang.L("Options"), lang.L("One per line."), t.options)
	t.rows = form.Rows(
		b.form.Add("prompt.label", lang.L("Label"), lang.L("Empty: the name of the variable."), t.label),
		b.form.Add("prompt.help", lang.L("Help text"), "", t.help),
		b.form.Add("prompt.control", lang.L("Control"), "", t.control),
		options,
		b.form.Add("prompt.required", "", "", t.required),
	)
	b.form.Fill(func() {
		t.control.SetValue(string(model.ControlText))
		if p == nil {
			return
		}
		t.ask.SetChecked(true)
		t.label.SetText(p.Label)
		t.help.SetText(p.Help)
		t.control.SetValue(string(p.Control))
		t.options.SetText(strings.Join(p.Options, "\n"))
		t.required.SetChecked(p.Required)
	})
	t.fold = form.NewSection(k, lang.L("Prompt"), p != nil, container.NewVBox(ask.Row(), t.rows))
	t.fold.Summary = func() string {
		if !t.ask.Checked {
			return lang.L("not asked for")
		}
		return lang.L("asked for when a run starts")
	}
	return t
}

func (t *promptPart) prompt() *model.Prompt {
	if !t.ask.Checked {
		return nil
	}
	p := &model.Prompt{
		Label: strings.TrimSpace(t.label.Text), Help: strings.TrimSpace(t.help.Text),
		Control: model.ControlType(t.control.Value()), Required: t.required.Checked,
	}
	if p.Control == model.ControlSelect {
		for line := range strings.Lines(t.options.Text) {
			if line = strings.TrimSpace(line); line != "" {
				p.Options = append(p.Options, line)
			}
		}
	}
	return p
}

func (t *promptPart) update(b *valueBlock) {
	setVisible(t.rows, t.ask.Checked)
	b.form.Field("prompt.options").SetVisible(t.control.Value() == string(model.ControlSelect))
}
