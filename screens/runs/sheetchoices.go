package runs

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// choiceField is a field whose values AWS has. Stepdeck's own command asks for them when the field gets the focus; a command of the
// project, which may be a stranger's, is shown, and runs when the person says so.
type choiceField struct {
	sheet *sheet
	q     runner.Prompt
	combo *control.Combo
	load  *control.Button
	busy  *widget.Activity
	asks  *widget.Label // the command
	says  *widget.Label // as whom AWS was asked, or why there is no list

	task   async.Task
	loaded *runner.Choices // nil: not yet
	tried  bool
}

func (sh *sheet) newChoiceField(q runner.Prompt) *choiceField {
	f := &choiceField{
		sheet: sh, q: q, busy: widget.NewActivity(),
		asks: display.NewCaption(widget.LowImportance), says: display.NewCaption(widget.LowImportance),
	}
	f.combo = control.NewCombo(sh.form.Keys, f.items)
	f.combo.OnChanged = func(string) { sh.changed() }
	f.combo.OnFocus = f.focused
	f.load = control.NewButton(sh.form.Keys, lang.L("Load choices"), func() { f.ask(f.loaded != nil) }).Quiet()
	f.busy.Hide()
	if c := *q.Variable.Prompt.Choices; !c.Known() {
		display.SetCaption(f.asks, lang.L("Asks AWS with: {{.Command}}", map[string]any{"Command": legible(c.CommandLine(), longestCommand, 4)}))
	}
	display.SetCaption(f.says, "")
	sh.fromAWS = append(sh.fromAWS, f)
	return f
}

// roomForChoices is the height of the suggestions below a field, and of what AWS answered, which come after the sheet was opened.
const roomForChoices = 180

// longestCommand is how much of a command is shown, in characters: all of what anybody has reason to write.
const longestCommand = 2000

// status returns what stands below the field.
func (f *choiceField) status() fyne.CanvasObject {
	return container.NewVBox(f.asks, container.NewHBox(f.load, container.NewCenter(f.busy)), f.says)
}

// focused asks AWS the first time that the field gets the focus, with a command that only reads.
func (f *choiceField) focused() {
	if !f.tried && f.q.Variable.Prompt.Choices.Known() {
		f.ask(false)
	}
}

// ask asks AWS for the values.
func (f *choiceField) ask(refresh bool) {
	f.tried = true
	if f.sheet.choices == nil {
		return
	}
	given := f.sheet.answeredSoFar(f.q)
	f.load.Disable()
	f.busy.Show()
	f.busy.Start()
	f.say(lang.L("Asking AWS…"), widget.LowImportance)
	async.Load(&f.task, func(ctx context.Context) (runner.Choices, error) {
		return f.sheet.choices(ctx, f.sheet.q, given, f.q.Of(), refresh)
	}, f.answered)
}

func (f *choiceField) answered(list runner.Choices, err error) {
	f.busy.Stop()
	f.busy.Hide()
	f.load.Enable()
	if err != nil {
		f.say(legible(err.Error(), sentenceRunes, sentenceLines), widget.DangerImportance)
		return
	}
	f.loaded = &list
	f.load.SetText(lang.L("Refresh"))
	f.say(foundChoices(list), widget.LowImportance)
	f.sheet.form.Validate() // no answer was changed by it
	f.sheet.validate()
	if cv := f.sheet.window.Canvas(); cv.Focused() == fyne.Focusable(f.combo.Entry) {
		f.combo.Suggest()
	}
}

func (f *choiceField) say(text string, importance widget.Importance) {
	f.says.Importance = importance
	display.SetCaption(f.says, text)
}

// foundChoices says how many values there are, and as whom AWS was asked.
func foundChoices(list runner.Choices) string {
	who := map[string]any{
		"Step":    legible(list.Step, sentenceRunes/4, 1),
		"Account": list.Account.String(), "Region": cmp.Or(list.Region, lang.L("no region")),
	}
	parts := []string{plural.N("{{.Count}} value", "{{.Count}} values", len(list.List))}
	switch {
	case list.Cut:
		parts[0] = plural.N("the first {{.Count}} value", "the first {{.Count}} values", len(list.List))
	case len(list.List) == 0:
		parts[0] = lang.L("AWS has none")
	}
	if list.LeftOut > 0 {
		parts = append(parts, lang.L("{{.Count}} left out, which can't be chosen", map[string]any{"Count": list.LeftOut}))
	}
	return strings.Join(append(parts, lang.L("asked as “{{.Step}}”, {{.Account}}, {{.Region}}", who)), "   ·   ")
}

// items returns the values as the field offers them. Where several are chosen they go behind the last comma.
func (f *choiceField) items() []control.Item {
	if f.loaded == nil {
		return nil
	}
	before := ""
	if at := strings.LastIndex(f.combo.Text, ","); at >= 0 && f.q.Variable.Prompt.Control == model.ControlMultiSelect {
		before = f.combo.Text[:at+1]
	}
	chosen := model.SplitOptions(before)
	var items []control.Item
	for _, o := range f.loaded.List {
		if !slices.Contains(chosen, o.Value) {
			items = append(items, control.Item{Value: before + o.Value, Title: o.Value, Detail: o.Label})
		}
	}
	return items
}

// problem returns why a value can't be chosen.
func (f *choiceField) problem(value string) error {
	if f.loaded == nil {
		return nil
	}
	return f.loaded.Check(*f.q.Variable.Prompt, value)
}

// answeredSoFar returns the answers that the account, role or region may depend on: those that are valid, but for that to one prompt.
func (sh *sheet) answeredSoFar(but runner.Prompt) answers {
	a := answers{accepted: map[string]bool{}}
	for _, f := range sh.values {
		if value := f.get(); value != "" && f.Key() != but.Key() && f.problem() == nil {
			a.given = append(a.given, model.GivenTo(f.Of(), value))
		}
	}
	if sh.typed != nil && len(sh.unconfirmed()) == 0 {
		for _, q := range questions[runner.Confirmation](sh.q) {
			a.confirm = append(a.confirm, q.Account.ID)
		}
	}
	return a
}
