package runs

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// valueField is the field of a prompted value.
type valueField struct {
	runner.Prompt
	input   fyne.CanvasObject
	get     func() string
	set     func(value string) // nil: of a secret, which has no value to begin with
	fromAWS *choiceField       // nil: AWS is not asked for values
}

// path returns the path of the field.
func (f valueField) path() string {
	if f.ShortName == f.Variable.Name {
		return "value." + f.Variable.Name
	}
	return "value." + f.Of().Key()
}

// problem returns why the value is no answer. An empty one is: whether there must be one is another question.
func (f valueField) problem() error {
	value := f.get()
	if value == "" {
		return nil
	}
	value, err := f.Accept(value)
	if err == nil && f.fromAWS != nil {
		err = f.fromAWS.problem(value)
	}
	return err
}

// prompt returns the rows of a prompted value: its field, and below it the value of the last run if that is another one.
func (sh *sheet) prompt(q runner.Prompt) []fyne.CanvasObject {
	v := q.Variable
	// These come from a project file, which may be from a stranger.
	label, help := legible(q.Title(), sentenceRunes/4, 2), legible(v.Prompt.Help, sentenceRunes, sentenceLines)
	if limits := form.Limits(v.Prompt.Min, v.Prompt.Max); limits != "" {
		help = strings.TrimSpace(help + " " + limits)
	}
	f := sh.promptInput(q)
	if f.set != nil {
		sh.form.Fill(func() { f.set(q.Preset()) })
	}
	sh.values = append(sh.values, f)
	field := sh.form.Add(f.path(), label, help, f.input)
	if f.set != nil && q.Preset() == "" && v.Value != "" && !q.Required {
		field.SetNote(lang.L("Empty: {{.Value}}", map[string]any{"Value": legible(v.Value, sentenceRunes/4, 1)}), false)
	}
	rows := []fyne.CanvasObject{field.Row()}
	if v.Prompt.Control == model.ControlFile && f.set != nil {
		choose := control.NewButton(sh.form.Keys, lang.L("Choose…"), func() { sh.chooseFile(f.set) })
		rows = []fyne.CanvasObject{container.NewBorder(nil, nil, nil, container.NewVBox(choose), field.Row())}
	}
	if f.fromAWS != nil {
		rows = append(rows, container.New(form.Beside{}, f.fromAWS.status()))
	}
	if f.set != nil && q.Last != "" && q.Last != q.Preset() {
		last := lang.L("Last time: {{.Value}}", map[string]any{"Value": legible(optionText(*q.Variable.Prompt, q.Last), sentenceRunes/4, 1)})
		use := control.NewButton(sh.form.Keys, last, func() {
			f.set(q.Last)
			sh.changed()
		}).Quiet()
		rows = append(rows, container.New(form.Beside{}, container.NewHBox(use)))
	}
	return rows
}

// optionText returns what people see for a value: the labels of options.
func optionText(p model.Prompt, value string) string {
	label := func(value string) string {
		if i := slices.Index(p.Options, value); i >= 0 {
			return p.OptionLabel(i)
		}
		return value
	}
	if p.Control != model.ControlMultiSelect {
		return label(value)
	}
	chosen := model.SplitOptions(value)
	for i, c := range chosen {
		chosen[i] = label(c)
	}
	return strings.Join(chosen, ", ")
}

// promptInput returns the input of a prompted value.
func (sh *sheet) promptInput(q runner.Prompt) valueField {
	k, v := sh.form.Keys, q.Variable
	switch {
	case v.Type == model.TypeSensitive:
		entry := control.NewSecret(k)
		entry.SetStored(v.ValueSet)
		entry.OnChanged = func(string) { sh.changed() }
		return valueField{Prompt: q, input: entry, get: entry.Raw}
	case v.Prompt.Control == model.ControlCheckbox:
		check := control.NewCheck(k, "")
		check.OnChanged = func(bool) { sh.changed() }
		return valueField{Prompt: q, input: check, get: func() string { return checkedValue(check.Checked) },
			set: func(value string) { check.SetChecked(value == model.CheckedValue) }}
	case len(v.Prompt.Options) > 0 && v.Prompt.Control == model.ControlMultiSelect:
		several := control.NewChecks(k, promptOptions(*v.Prompt)...)
		several.OnChosen = func() { sh.changed() }
		return valueField{Prompt: q, input: several.Content(), get: func() string { return strings.Join(several.Values(), ",") },
			set: func(value string) { several.SetValues(model.SplitOptions(value)) }}
	case len(v.Prompt.Options) > 0:
		choice := control.NewSelect(k, promptOptions(*v.Prompt)...)
		choice.OnChosen = func(string) { sh.changed() }
		return valueField{Prompt: q, input: choice, get: choice.Value, set: choice.SetValue}
	case v.Prompt.Choices != nil:
		f := sh.newChoiceField(q)
		return valueField{Prompt: q, input: f.combo, get: func() string { return f.combo.Text }, set: f.combo.SetText, fromAWS: f}
	case v.Prompt.Control == model.ControlDate:
		date := control.NewDate(k, func() time.Time { return v.Prompt.NearestDay(sh.now()) })
		date.OnChanged = func(string) { sh.changed() }
		return valueField{Prompt: q, input: date, get: func() string { return date.Text }, set: date.SetText}
	}
	entry := control.NewEntry(k)
	if v.Prompt.Control == model.ControlMultiline {
		entry = control.NewMultiline(k, 3)
	}
	entry.OnChanged = func(string) { sh.changed() }
	return valueField{Prompt: q, input: entry, get: func() string { return entry.Text }, set: entry.SetText}
}

func checkedValue(checked bool) string {
	if checked {
		return model.CheckedValue
	}
	return model.UncheckedValue
}

func promptOptions(p model.Prompt) []control.Option {
	options := make([]control.Option, len(p.Options))
	for i, o := range p.Options {
		options[i] = control.Option{Value: o, Label: legible(p.OptionLabel(i), sentenceRunes/4, 1)}
	}
	return options
}

func (sh *sheet) chooseFile(set func(path string)) {
	chosen := func(path string) {
		set(path)
		sh.changed()
	}
	if sh.choose == nil {
		dialog.ChooseFile(sh.window, nil, chosen)
		return
	}
	sh.choose(nil, chosen)
}
