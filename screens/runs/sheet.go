package runs

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/codeedit"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/syntax"
)

// sheet asks what a run needs to know. It is shown only when something needs an answer.
type sheet struct {
	starter *starter
	q       inquiry
	dialog  *dialog.Dialog
	form    *form.Form

	values  []valueField
	secrets []secretField
	typed   *control.Entry // of protected AWS accounts
	keys    []keyField
	ready   bool // long enough in sight to be answered
	gone    bool // answered
}

// valueField asks for a prompted value.
type valueField struct {
	runner.Prompt
	get func() string
}

// keyField asks for an account's secret key.
type keyField struct {
	account model.Account
	entry   *control.Secret
}

// secretField asks for a sensitive variable's value.
type secretField struct {
	name  string
	entry *control.Secret
}

func newSheet(s *starter, q inquiry) *sheet {
	sh := &sheet{starter: s, q: q, form: form.New()}
	sh.form.Check = sh.check
	box := container.New(layout.NewCustomPaddedVBoxLayout(8))
	add := func(o fyne.CanvasObject) {
		if o != nil {
			box.Add(o)
		}
	}
	add(sh.what())
	for _, r := range q.Refusals {
		if r.Wrong != nil {
			add(sh.wrongAccount(r.Step, *r.Wrong))
		}
	}
	add(sh.refusals())
	if !q.hopeless() {
		for _, o := range sh.identities() {
			add(o)
		}
		for _, r := range asked[runner.AlreadyRunning](q) {
			add(notice(lang.L("“{{.Step}}” is running already: {{.Run}}.", map[string]any{"Step": r.Step, "Run": title(r.Run)})))
		}
		for _, s := range asked[runner.UnseenScript](q) {
			add(sh.script(s))
		}
		add(sh.fields())
	}
	sh.dialog = &dialog.Dialog{
		Title: lang.L("Run · {{.Project}}", map[string]any{"Project": q.project.Name}), Content: focus.Scroll(container.NewPadded(box)),
		Keys: sh.form.Keys, OnConfirm: sh.confirm, OnClosed: sh.closed,
	}
	const width = 660
	box.Resize(fyne.NewSize(width-60, 10)) // text that wraps knows its height once it knows its width
	sh.dialog.Size = fyne.NewSize(width, min(640, 140+box.MinSize().Height))
	switch {
	case q.hopeless():
		sh.dialog.Cancel = lang.L("Close")
		if !slices.ContainsFunc(q.Refusals, isWrong) {
			sh.dialog.Buttons = []fyne.CanvasObject{control.NewButton(sh.form.Keys, lang.L("Try again"), sh.tryAgain)}
		}
		if p := s.place; p.deps.EditStep != nil && sh.stepToMend() != "" {
			sh.dialog.Buttons = append(sh.dialog.Buttons, control.NewButton(sh.form.Keys, lang.L("Edit step"), func() {
				sh.dialog.Close()
				p.deps.EditStep(q.project.Name, sh.stepToMend())
			}))
		}
	case len(asked[runner.AccountKey](q)) > 0:
		sh.dialog.Confirm = lang.L("Save and go on")
	default:
		sh.dialog.Confirm = lang.L("Run")
	}
	return sh
}

func (sh *sheet) show() {
	sh.dialog.First = sh.first()
	sh.dialog.Show(sh.starter.place.deps.Window)
	sh.validate()
	time.AfterFunc(afterOpening, func() {
		fyne.Do(func() {
			sh.ready = true
			sh.validate()
		})
	})
}

// first is the field that has the focus at first.
func (sh *sheet) first() fyne.Focusable {
	for _, path := range sh.form.Paths() {
		if f, ok := control.Face(sh.form.Field(path).Input).(fyne.Focusable); ok {
			return f
		}
	}
	return nil
}

func text(words string) *widget.Label {
	l := widget.NewLabel(words)
	l.Wrapping = fyne.TextWrapWord
	return l
}

func notice(words string) fyne.CanvasObject {
	b := feedback.NewBanner()
	b.Show(words, display.Caution)
	return b.Content()
}

// what says what is to run.
func (sh *sheet) what() fyne.CanvasObject {
	line := lang.L("Steps: {{.Steps}}", map[string]any{"Steps": strings.Join(sh.q.Plan.StepNames(), ", ")})
	if sh.q.Plan.Environment != "" {
		line = lang.L("Environment: {{.Environment}}", map[string]any{"Environment": sh.q.Plan.Environment}) + "   ·   " + line
	}
	if sh.q.Usual.Runs > 0 {
		line += "   ·   " + lang.L("usually takes {{.Time}}", map[string]any{"Time": span(sh.q.Usual)})
	}
	return text(line)
}

// identities says where and as whom the steps would act, each once.
func (sh *sheet) identities() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	var seen []string
	for i, v := range sh.q.Verdicts {
		id := v.Identity
		if id.AWSID == "" {
			continue
		}
		region := sh.q.Plan.Steps[i].Region
		as := id.ARN // which of a role has a session's name in it, another one for each step
		if id.Role != "" {
			as = id.Role
		}
		key := strings.Join([]string{id.AWSID, as, id.Account, id.Endpoint, region}, "\n")
		if slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		list = append(list, sh.identity(v, region))
	}
	return list
}

func (sh *sheet) identity(v runner.Verdict, region string) fyne.CanvasObject {
	account := v.Account
	account.ID = v.Identity.AWSID
	bold := func(words string) *widget.Label {
		return widget.NewLabelWithStyle(words, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	}
	head := container.NewHBox(widget.NewLabel(lang.L("Acts in")), bold(account.String()))
	if account.Protected {
		head.Add(container.NewCenter(display.NewBadge(lang.L("PROTECTED"), display.Bad)))
	}
	if slices.ContainsFunc(asked[runner.FirstTime](sh.q), func(q runner.FirstTime) bool { return q.Account.ID == account.ID }) {
		head.Add(container.NewCenter(display.NewBadge(lang.L("first run in this AWS account"), display.Caution)))
	}
	rows := container.New(layout.NewCustomPaddedVBoxLayout(-6), head)
	if words := loudText(v.Identity); words != "" {
		big := newLoud()
		big.set(words)
		rows.Objects = append([]fyne.CanvasObject{big}, rows.Objects...)
	}
	as := lang.L("as {{.Who}}", map[string]any{"Who": who(v.Identity)})
	if v.Identity.AccessKeyID != "" {
		as += "   " + lang.L("from account {{.Account}}, key {{.Key}}",
			map[string]any{"Account": v.Identity.Account, "Key": model.KeyEnd(v.Identity.AccessKeyID)})
	} else {
		as += "   " + lang.L("from account {{.Account}}", map[string]any{"Account": v.Identity.Account})
	}
	rows.Add(widget.NewLabel(as))
	if region != "" {
		rows.Add(widget.NewLabel(lang.L("in {{.Region}}", map[string]any{"Region": region})))
	}
	for _, n := range v.Notices {
		rows.Add(text(n))
	}
	bar := display.NewBar()
	bar.SetColour(string(account.Colour), true)
	return container.NewBorder(nil, nil, bar, nil, rows)
}

// wrongAccount shows expected and actual side by side.
func (sh *sheet) wrongAccount(step string, w runner.WrongAccount) fyne.CanvasObject {
	side := func(head string, a model.AWSAccount, below string) fyne.CanvasObject {
		bar := display.NewBar()
		bar.SetColour(string(a.Colour), true)
		id := widget.NewLabelWithStyle(a.String(), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		lines := container.New(layout.NewCustomPaddedVBoxLayout(-4), widget.NewLabel(head), id, text(below))
		return display.Card(container.NewBorder(nil, nil, bar, nil, lines))
	}
	b := feedback.NewBanner()
	b.Show(lang.L("The step “{{.Step}}” would act in the wrong AWS account. Nothing has run.", map[string]any{"Step": step}), display.Bad)
	return container.NewVBox(b.Content(), container.NewGridWithColumns(2,
		side(lang.L("Expected"), w.Expected, lang.L("by {{.From}}", map[string]any{"From": w.From})),
		side(lang.L("It would be"), w.Actual, lang.L("as {{.Who}}", map[string]any{"Who": who(w.Identity)}))))
}

// refusals lists what no answer here can mend.
func (sh *sheet) refusals() fyne.CanvasObject {
	box := container.NewVBox()
	for _, r := range sh.q.Refusals {
		if isWrong(r) {
			continue
		}
		b := feedback.NewBanner()
		words := r.Err.Error()
		if r.Step != "" {
			words = r.Step + ": " + words
		}
		b.Show(words, display.Bad)
		box.Add(b.Content())
	}
	if len(box.Objects) == 0 {
		return nil
	}
	return box
}

// isWrong reports whether the refusal is shown as expected and actual AWS account.
func isWrong(r runner.Refusal) bool { return r.Wrong != nil }

func (sh *sheet) stepToMend() string {
	if i := slices.IndexFunc(sh.q.Refusals, isWrong); i >= 0 {
		return sh.q.Refusals[i].Step
	}
	if i := slices.IndexFunc(sh.q.Refusals, func(r runner.Refusal) bool { return r.Step != "" }); i >= 0 {
		return sh.q.Refusals[i].Step
	}
	return ""
}

// script shows a script that nobody at this computer has seen yet.
func (sh *sheet) script(u runner.UnseenScript) fyne.CanvasObject {
	editor := codeedit.New(sh.starter.place.deps.Fonts)
	switch u.Language {
	case model.PowerShell:
		editor.SetLexer(syntax.PowerShell())
	case model.Bash:
		editor.SetLexer(syntax.Bash())
	}
	editor.SetText(u.Text)
	editor.SetReadOnly(true)
	height := min(220, 24+float32(strings.Count(u.Text, "\n")+1)*18)
	return container.NewVBox(
		text(lang.L("The script of “{{.Step}}” has not run on this computer before. This is what it does:", map[string]any{"Step": u.Step})),
		container.New(rowHeight(height), editor))
}

type rowHeight float32

func (h rowHeight) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, float32(h))
}

func (h rowHeight) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// fields asks for values.
func (sh *sheet) fields() fyne.CanvasObject {
	var rows []*form.Field
	for _, q := range asked[runner.AccountKey](sh.q) {
		account := q.Account
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.keys = append(sh.keys, keyField{account, entry})
		rows = append(rows, sh.form.Add("key."+account.Name, lang.L("Secret key of {{.Account}}", map[string]any{"Account": account.Name}),
			lang.L("The account {{.Account}} (key {{.Key}}) has no secret key on this computer. It is kept in the vault.",
				map[string]any{"Account": account.Name, "Key": account.AccessKeyID}), entry))
	}
	for _, q := range asked[runner.MissingSecret](sh.q) {
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.secrets = append(sh.secrets, secretField{q.Name, entry})
		rows = append(rows, sh.form.Add("secret."+q.Name, q.Name,
			lang.L("This computer does not have the value. It is used for this run alone."), entry))
	}
	for _, q := range asked[runner.Prompt](sh.q) {
		rows = append(rows, sh.prompt(q))
	}
	if protected := asked[runner.Confirmation](sh.q); len(protected) > 0 {
		var ways []string
		for _, q := range protected {
			if ways = append(ways, q.Account.ID); q.Account.Label != "" {
				ways = append(ways, q.Account.Label)
			}
		}
		sh.typed = control.NewEntry(sh.form.Keys)
		sh.typed.OnChanged = func(string) { sh.changed() }
		rows = append(rows, sh.form.Add("confirm", lang.L("Confirm"),
			lang.L("Type {{.Ways}} to run.", map[string]any{"Ways": strings.Join(ways, " "+lang.L("or")+" ")}), sh.typed))
	}
	if len(rows) == 0 {
		return nil
	}
	return form.Rows(rows...)
}

// prompt asks for one value as the project says.
func (sh *sheet) prompt(q runner.Prompt) *form.Field {
	v := q.Variable
	// A project file of a stranger's says these.
	label, help := legible(v.Prompt.Label, sentenceRunes/4, 2), legible(v.Prompt.Help, sentenceRunes, sentenceLines)
	if label == "" {
		label = v.Name
	}
	path := "value." + v.Name
	keep := func(get func() string) { sh.values = append(sh.values, valueField{q, get}) }
	switch {
	case v.Type == model.TypeSensitive:
		entry := control.NewSecret(sh.form.Keys)
		entry.SetStored(v.ValueSet)
		entry.OnChanged = func(string) { sh.changed() }
		keep(func() string { return entry.Raw() })
		return sh.form.Add(path, label, help, entry)
	case v.Prompt.Control == model.ControlCheckbox:
		check := control.NewCheck(sh.form.Keys, "")
		check.SetChecked(strings.EqualFold(v.Value, "true"))
		check.OnChanged = func(bool) { sh.changed() }
		keep(func() string { return map[bool]string{true: "True", false: "False"}[check.Checked] })
		return sh.form.Add(path, label, help, check)
	case len(v.Prompt.Options) > 0:
		var options []control.Option
		for _, o := range v.Prompt.Options {
			options = append(options, control.Option{Value: o, Label: o})
		}
		choice := control.NewSelect(sh.form.Keys, options...)
		choice.SetValue(v.Value)
		choice.OnChosen = func(string) { sh.changed() }
		keep(choice.Value)
		return sh.form.Add(path, label, help, choice)
	}
	entry := control.NewEntry(sh.form.Keys)
	if v.Prompt.Control == model.ControlMultiline {
		entry = control.NewMultiline(sh.form.Keys, 3)
	}
	entry.SetText(v.Value)
	entry.OnChanged = func(string) { sh.changed() }
	keep(func() string { return entry.Text })
	return sh.form.Add(path, label, help, entry)
}

func (sh *sheet) changed() {
	sh.form.Changed()
	sh.validate()
}

// validate enables Run once all is answered. A key or click that was meant for what the sheet covers does not run anything.
func (sh *sheet) validate() { sh.dialog.SetBusy(!sh.ready || len(sh.check()) > 0) }

func (sh *sheet) check() []form.Problem {
	var list []form.Problem
	missing := func(path, words string) {
		list = append(list, form.Problem{Field: path, Err: model.NewError("run.answer", "%s", words)})
	}
	for _, f := range sh.keys {
		if f.entry.Value() == "" {
			missing("key."+f.account.Name, lang.L("Enter the secret key."))
		}
	}
	for _, f := range sh.secrets {
		if f.entry.Value() == "" {
			missing("secret."+f.name, lang.L("Enter the value."))
		}
	}
	for _, f := range sh.values {
		v := f.Variable
		if (f.Required || v.Prompt.Required && !(v.Type == model.TypeSensitive && v.ValueSet)) && f.get() == "" {
			missing("value."+v.Name, lang.L("The run needs a value."))
		}
	}
	if sh.typed != nil && len(sh.unconfirmed()) > 0 {
		missing("confirm", lang.L("That is not the id or the label of the AWS account."))
	}
	return list
}

// unconfirmed are the protected AWS accounts that what was typed does not name. Several are separated by blanks or commas.
func (sh *sheet) unconfirmed() []runner.Confirmation {
	typed := strings.TrimSpace(sh.typed.Text)
	parts := strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	return slices.DeleteFunc(asked[runner.Confirmation](sh.q), func(q runner.Confirmation) bool {
		return q.Account.Matches(typed) || slices.ContainsFunc(parts, q.Account.Matches)
	})
}

// confirm takes the answers and looks again: what they lead to may need an answer too.
func (sh *sheet) confirm() {
	if len(sh.check()) > 0 {
		sh.form.ShowAll()
		return
	}
	s := sh.starter
	for _, f := range sh.values {
		if value := f.get(); value != "" {
			s.said.given = append(s.said.given, runner.Given{Name: f.Variable.Name, Value: value})
		} else {
			s.said.accepted[f.Key()] = true
		}
	}
	for _, f := range sh.secrets {
		s.said.given = append(s.said.given, runner.Given{Name: f.name, Value: f.entry.Raw()})
	}
	for _, q := range sh.q.Questions {
		switch q := q.(type) {
		case runner.Confirmation:
			s.said.confirm = append(s.said.confirm, q.Account.ID)
		case runner.FirstTime, runner.AlreadyRunning, runner.UnseenScript: // they were read
			s.said.accepted[q.Key()] = true
		}
	}
	sh.gone = true
	sh.dialog.Close()
	if len(sh.keys) > 0 {
		s.saveKeys(sh.keys, s.look)
		return
	}
	s.look()
}

func (sh *sheet) tryAgain() {
	sh.gone = true
	sh.dialog.Close()
	sh.starter.look()
}

func (sh *sheet) closed() {
	sh.starter.sheet = nil
	if !sh.gone {
		sh.starter.place.stops()
	}
}
