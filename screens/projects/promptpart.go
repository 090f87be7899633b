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
	labels   *control.Entry
	choices  *control.Select // of AWS; empty: none
	command  *control.Entry
	query    *control.Entry
	min, max *control.Entry
	required *control.Check
	rows     *fyne.Container
	fold     *form.Section
}

func newPromptPart(b *valueBlock, p *model.Prompt) *promptPart {
	k := b.form.Keys
	t := &promptPart{
		ask: control.NewCheck(k, lang.L("Ask for the value when a run starts")), label: control.NewEntry(k), help: control.NewEntry(k),
		options: control.NewMultiline(k, 2), labels: control.NewMultiline(k, 2), min: control.NewEntry(k), max: control.NewEntry(k),
		required: control.NewCheck(k, lang.L("required")), choices: newChoicesSelect(k), command: control.NewMultiline(k, 3),
		query: control.NewEntry(k),
	}
	t.control = control.NewSelect(k,
		control.Option{Value: string(model.ControlText), Label: lang.L("single line")},
		control.Option{Value: string(model.ControlMultiline), Label: lang.L("multiple lines")},
		control.Option{Value: string(model.ControlSelect), Label: lang.L("list of options")},
		control.Option{Value: string(model.ControlMultiSelect), Label: lang.L("several of a list of options")},
		control.Option{Value: string(model.ControlCheckbox), Label: lang.L("checkbox")},
		control.Option{Value: string(model.ControlNumber), Label: lang.L("number")},
		control.Option{Value: string(model.ControlDate), Label: lang.L("date")},
		control.Option{Value: string(model.ControlFile), Label: lang.L("file on this computer")},
	)
	ask := b.form.Add("prompt", "", "", t.ask)
	options := b.form.Add("prompt.options", lang.L("Options"), lang.L("One per line."), t.options)
	t.rows = form.Rows(
		b.form.Add("prompt.label", lang.L("Label"), lang.L("Empty: the name of the variable."), t.label),
		b.form.Add("prompt.help", lang.L("Help text"), "", t.help),
		b.form.Add("prompt.control", lang.L("Control"), "", t.control),
		options,
		b.form.Add("prompt.labels", lang.L("Labels"), lang.L("What is shown for each option, one per line in the same order. "+
			"Empty: the options themselves."), t.labels),
		b.form.Add("prompt.choices.of", lang.L("Choices from AWS"),
			lang.L("AWS is asked when the run starts, as the step that uses the variable."), t.choices),
		b.form.Add("prompt.choices.command", lang.L("Command of aws"),
			lang.L("One argument per line, such as s3api and list-buckets."), t.command),
		b.form.Add("prompt.choices.query", lang.L("Query"),
			lang.L("A JMESPath expression that gives a list of values, or of pairs of value and label."), t.query),
		b.form.Add("prompt.min", lang.L("At least"), lang.L("Empty: no limit."), t.min),
		b.form.Add("prompt.max", lang.L("At most"), lang.L("Empty: no limit."), t.max),
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
		t.labels.SetText(strings.Join(p.Labels, "\n"))
		t.fillChoices(p.Choices)
		t.min.SetText(p.Min)
		t.max.SetText(p.Max)
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
	p.Choices = t.fromAWS(p.Control)
	switch p.Control {
	case model.ControlSelect, model.ControlMultiSelect:
		if p.Choices != nil {
			break
		}
		p.Options, p.Labels = lines(t.options.Text), labelLines(t.labels.Text)
		for len(p.Labels) > 0 && len(p.Labels) < len(p.Options) {
			p.Labels = append(p.Labels, "")
		}
	case model.ControlNumber, model.ControlDate:
		p.Min, p.Max = strings.TrimSpace(t.min.Text), strings.TrimSpace(t.max.Text)
	default:
	}
	return p
}

// labelLines returns the lines of a text with a label on each. An empty line in between stands for an option without a label.
func labelLines(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	list := strings.Split(strings.TrimRight(text, " \t\r\n"), "\n")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

func (t *promptPart) update(b *valueBlock) {
	setVisible(t.rows, t.ask.Checked)
	kind := model.ControlType(t.control.Value())
	asks := takesChoices(kind) && b.text != nil
	fromAWS := t.fromAWS(kind)
	listed := (kind == model.ControlSelect || kind == model.ControlMultiSelect) && fromAWS == nil
	own := asks && fromAWS != nil && !fromAWS.Known()
	ranged := kind == model.ControlNumber || kind == model.ControlDate
	for path, shown := range map[string]bool{
		"prompt.options": listed, "prompt.labels": listed, "prompt.min": ranged, "prompt.max": ranged,
		"prompt.choices.of": asks, "prompt.choices.command": own, "prompt.choices.query": own,
	} {
		b.form.Field(path).SetVisible(shown)
	}
}
