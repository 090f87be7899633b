package projects

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// The two ways to give a script its parameters.
const (
	asFields = "fields"
	asText   = "text"
)

// maxShownScript is the most bytes of a script file that are read for its parameters.
const maxShownScript = 4 << 20

// wantedScript is the script whose parameters are asked for.
type wantedScript struct {
	language model.Language
	edition  model.Edition
	text     string // of an inline script
	file     string // in a package or folder
	location location
}

// arguments gives a script its parameters: by a field for each that the script declares, or as text.
type arguments struct {
	scriptDeps
	way     *control.Choice
	text    *control.Entry
	wayRow  fyne.CanvasObject
	textRow fyne.CanvasObject
	rows    *fyne.Container
	faults  *widget.Label // lines that look like parameters but are none
	content fyne.CanvasObject

	given    []model.Argument // as filled in
	inputs   []*argumentInput
	declared []model.Parameter
	asked    wantedScript
	task     async.Task
}

// argumentInput is the field of one parameter.
type argumentInput struct {
	model.Parameter
	undeclared bool // the step gives it, but the script does not declare it
	kept       bool // the step gives it, perhaps without a value
	entry      *control.Entry
	field      *form.Field
}

func newArguments(deps scriptDeps) *arguments {
	k := deps.form.Keys
	a := &arguments{scriptDeps: deps, text: control.NewMultiline(k, 2), rows: container.NewVBox()}
	a.faults = display.NewCaption(widget.WarningImportance)
	display.SetCaption(a.faults, "")
	a.way = control.NewChoice(k, control.Option{Value: asFields, Label: lang.L("A field for each")},
		control.Option{Value: asText, Label: lang.L("Text")})
	a.way.OnChosen = func(string) { a.convert() }
	way := a.form.Add("script.arguments", lang.L("Parameters"), "", a.way)
	a.wayRow = way.Row()
	text := a.form.Add("script.parameters", lang.L("Parameters"),
		lang.L("Passed to the script as written, such as -Days 7 or --days 7."), a.text)
	a.textRow = text.Row()
	a.content = container.NewVBox(a.wayRow, a.rows, a.textRow, container.New(form.Beside{}, a.faults))
	return a
}

// convert carries the parameters over to the way that is chosen now: saving keeps one of the two.
func (a *arguments) convert() {
	a.form.Field("script.arguments").SetNote("", false)
	if a.way.Value() == asText {
		a.toText()
		return
	}
	a.toFields()
}

// toText writes the values of the fields as text.
func (a *arguments) toText() {
	given := a.current()
	if len(given) == 0 {
		return
	}
	text, ok := "", false
	if a.asText != nil {
		text, ok = a.asText(a.asked.language, given)
	}
	if !ok {
		a.way.SetValue(asFields)
		a.form.Field("script.arguments").SetNote(
			lang.L("A switch that depends on an expression can't be written as text. Empty it first."), true)
		return
	}
	a.text.SetText(text)
}

// toFields fills the fields with what the text gives. If they can't hold all of it, it asks first.
func (a *arguments) toFields() {
	text := strings.TrimSpace(a.text.Text)
	if text == "" {
		return
	}
	var list []model.Argument
	rest := []string{text}
	if a.fromText != nil {
		list, rest = a.fromText(a.asked.language, a.declared, text)
	}
	if len(rest) == 0 {
		a.replace(list)
		return
	}
	a.way.SetValue(asText)
	lost := lang.L("The fields can't hold this part of the text, so it would be lost:") + "\n\n" + shortLines(rest)
	d := dialog.Ask(a.window, dialog.Question{
		Title: lang.L("Lose a part of the parameters?"), Text: lost, Yes: lang.L("Use the fields"), Danger: true, OnYes: func() {
			a.way.SetValue(asFields)
			a.replace(list)
			a.form.Changed()
		},
	})
	d.Keys.Enter = d.Leave // the key that closes most questions must lose nothing
}

// shortLines returns texts one below the other, as far as a question can show them.
func shortLines(list []string) string {
	const most = 12
	var lines []string
	for i, text := range list {
		if i == most {
			return strings.Join(append(lines, "…"), "\n")
		}
		lines = append(lines, short(text))
	}
	return strings.Join(lines, "\n")
}

// replace gives the fields the values of arguments, in the place of the text and of what they had.
func (a *arguments) replace(list []model.Argument) {
	a.text.SetText("")
	a.given, a.inputs = list, nil
	a.rebuild()
}

func (a *arguments) fill(m model.Script) {
	a.given = slices.Clone(m.Arguments)
	a.text.SetText(m.Parameters)
	a.way.SetValue(asFields)
	if m.Parameters != "" && len(m.Arguments) == 0 {
		a.way.SetValue(asText)
	}
	a.asked, a.declared, a.inputs = wantedScript{}, nil, nil
	a.rebuild()
}

func (a *arguments) read(m *model.Script) {
	m.Parameters, m.Arguments = "", nil
	if !a.byFields() {
		m.Parameters = a.text.Text
		return
	}
	m.Arguments = a.current()
}

// byFields reports whether the step gives its parameters by fields. Without any there is only the text.
func (a *arguments) byFields() bool { return a.way.Value() == asFields && len(a.inputs) > 0 }

// current returns the arguments as the fields have them.
func (a *arguments) current() []model.Argument {
	var list []model.Argument
	for _, in := range a.inputs {
		if in.entry != nil && (in.entry.Text != "" || in.kept) {
			list = append(list, in.Argument(in.entry.Text))
		}
	}
	return list
}

// update asks for the parameters of the script, unless that is the one that was asked about, and shows notes at the fields.
func (a *arguments) update(wanted wantedScript) {
	shown := len(a.inputs) > 0
	setVisible(a.wayRow, shown)
	setVisible(a.rows, a.byFields())
	setVisible(a.textRow, !a.byFields())
	for _, in := range a.inputs {
		a.note(in)
	}
	if wanted == a.asked || a.declares == nil {
		return
	}
	a.asked = wanted
	if wanted.language == "" {
		a.task.Cancel()
		a.show(declaration{}, nil)
		return
	}
	async.Load(&a.task, func(ctx context.Context) (declaration, error) { return a.ask(ctx, wanted) }, a.show)
}

// declaration is what a script says of its parameters.
type declaration struct {
	parameters []model.Parameter
	faults     []string
}

// ask finds out what a script declares, after a pause: a person may still be typing.
func (a *arguments) ask(ctx context.Context, wanted wantedScript) (d declaration, err error) {
	select {
	case <-ctx.Done():
		return d, ctx.Err()
	case <-time.After(typingPause):
	}
	text := wanted.text
	if wanted.file != "" {
		var data []byte
		var err error
		if wanted.location.folder != "" {
			data, err = a.packages.Library.ReadFolderFile(ctx, wanted.location.folder, wanted.file, maxShownScript)
		} else {
			data, err = a.packages.Library.ReadFile(ctx, wanted.location.pkg, wanted.file, maxShownScript)
		}
		if err != nil {
			return d, nil //nolint:nilerr // the field of the file says so
		}
		text, _ = model.DecodeText(data)
	}
	if a.findFaults != nil {
		d.faults = a.findFaults(wanted.language, text)
	}
	d.parameters, err = a.declares(ctx, wanted.language, wanted.edition, text)
	return d, err
}

// show shows a field for each parameter. err says why the script's parameters are not known.
func (a *arguments) show(d declaration, err error) {
	note := ""
	if err != nil {
		note = lang.L("There are no fields for the script's parameters: {{.Reason}}", map[string]any{"Reason": err.Error()})
	}
	a.form.Field("script.parameters").SetNote(note, err != nil)
	display.SetCaption(a.faults, strings.Join(d.faults, "\n"))
	if err == nil && !reflect.DeepEqual(d.parameters, a.declared) {
		a.declared = d.parameters
		a.rebuild()
	}
	if len(a.inputs) > 0 && len(a.current()) == 0 && strings.TrimSpace(a.text.Text) != "" {
		a.way.SetValue(asText) // it was typed before there were fields
	}
	a.form.Validate()
	a.update(a.asked)
}

// rebuild creates the fields: of the declared parameters in their order, then of others that the step gives. Values are kept.
func (a *arguments) rebuild() {
	given := a.given
	if a.inputs != nil {
		given = a.current()
		a.given = given
	}
	a.form.Remove("script.arguments.")
	a.inputs, a.rows.Objects = nil, nil
	for _, p := range a.declared {
		a.add(&argumentInput{Parameter: p}, given)
	}
	for _, g := range given {
		if !slices.ContainsFunc(a.inputs, func(in *argumentInput) bool { return model.NameKey(in.Name) == model.NameKey(g.Name) }) {
			a.add(&argumentInput{Parameter: model.Parameter{Name: g.Name, As: g.As, Control: model.ControlText}, undeclared: true}, given)
		}
	}
	a.rows.Refresh()
}

func (a *arguments) add(in *argumentInput, given []model.Argument) {
	value := ""
	if i := slices.IndexFunc(given, func(g model.Argument) bool { return in.Is(g.Name) }); i >= 0 {
		value, in.kept, in.Name, in.As = given[i].Value, true, given[i].Name, given[i].As
	}
	input := a.input(in, value)
	label := in.Name
	if in.Mandatory {
		label += " *"
	}
	in.field = a.form.Add("script.arguments."+in.Name, label, argumentHelp(in.Parameter), input)
	a.inputs = append(a.inputs, in)
	a.rows.Add(in.field.Row())
}

// input returns the control of a parameter. All of them take text, since a value can hold expressions.
func (a *arguments) input(in *argumentInput, value string) fyne.CanvasObject {
	k := a.form.Keys
	choices := in.Options
	if in.As == model.ArgumentSwitch {
		choices = []string{model.CheckedValue, model.UncheckedValue}
	}
	if len(choices) > 0 && in.As != model.ArgumentList {
		combo := control.NewCombo(k, func() []control.Item {
			items := make([]control.Item, len(choices))
			for i, c := range choices {
				items[i] = control.Item{Value: c, Title: c}
			}
			return items
		})
		in.entry = combo.Entry
		in.entry.SetText(value)
		return combo
	}
	in.entry = control.NewEntry(k)
	if in.As == model.ArgumentList || strings.Contains(value, "\n") {
		in.entry = control.NewMultiline(k, 2)
	}
	in.entry.SetPlaceHolder(in.Default)
	in.entry.SetText(value)
	return in.entry
}

// argumentHelp says what a parameter takes, and what its script says of it.
func argumentHelp(p model.Parameter) string {
	var parts []string
	if p.Type != "" {
		parts = append(parts, p.Type)
	}
	if p.As == model.ArgumentList {
		parts = append(parts, lang.L("one value per line"))
	}
	if limits := strings.TrimSuffix(form.Limits(p.Min, p.Max), "."); limits != "" {
		parts = append(parts, limits)
	}
	if p.Default != "" {
		parts = append(parts, lang.L("{{.Default}} where empty", map[string]any{"Default": short(p.Default)}))
	}
	text := strings.Join(parts, " · ")
	if help := strings.Join(strings.Fields(p.Help), " "); help != "" {
		text = help + "\n" + text
	}
	return strings.TrimSpace(text)
}

// note shows at a field what its expressions come to, or what the script will not accept.
func (a *arguments) note(in *argumentInput) {
	text := in.entry.Text
	switch {
	case in.undeclared && len(a.declared) > 0:
		in.field.SetNote(lang.L("The script does not declare this parameter. Empty the field to leave it out."), true)
		in.kept = in.kept && text != ""
	case text == "" && in.Mandatory:
		in.field.SetNote(lang.L("The script can't run without it."), true)
	case in.CodeOnly && (text != "" || in.Mandatory):
		in.field.SetNote(lang.L("Only code can give a value of this type. Give the parameters as text."), true)
	case text == "" || model.HasExpression(text):
		in.field.SetNote(a.scope().note(text))
	default:
		in.field.SetNote(valueNote(in.Parameter, text))
	}
}

// valueNote says why a value without expressions can't be a parameter's, or what the script gets for it.
func valueNote(p model.Parameter, text string) (note string, bad bool) {
	if err := runner.CheckParameter(p, text); err != nil {
		return err.Error(), true
	}
	for _, v := range p.Values(text) {
		if whole, ok := p.Rounded(v); ok {
			return lang.L("PowerShell rounds {{.Value}} to {{.Whole}}.", map[string]any{"Value": v, "Whole": whole}), false
		}
	}
	return "", false
}

// named gives the problems of arguments the paths of their fields.
func (a *arguments) named(list []form.Problem) []form.Problem {
	given := a.current()
	for i, p := range list {
		rest, ofArgument := strings.CutPrefix(p.Field, "script.arguments[")
		if !ofArgument {
			continue
		}
		for j, g := range given {
			if strings.HasPrefix(rest, strconv.Itoa(j)+"]") {
				list[i].Field = "script.arguments." + g.Name
			}
		}
	}
	return list
}

func (a *arguments) close() { a.task.Cancel() }
