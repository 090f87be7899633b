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
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
	"github.com/stepdeck/stepdeck/screens/widgets/syntax"
)

// sheetDeps is what a sheet needs. One of tryAgain and answered is called after closed, unless the user cancels.
type sheetDeps struct {
	window   fyne.Window
	fonts    *monogrid.Fonts
	editStep func(project, step string) // nil: not offered
	tryAgain func()
	answered func(a answers, keys []keyField)
	closed   func(cancelled bool)
}

// sheet shows what a run will do and asks its questions. It is shown only if there are questions or refusals.
type sheet struct {
	sheetDeps
	q      inquiry
	dialog *dialog.Dialog
	form   *form.Form

	values  []valueField
	secrets []secretField
	typed   *control.Entry // of protected AWS accounts
	keys    []keyField
	ready   bool // shown long enough to accept an answer
	done    bool // not cancelled
}

type valueField struct {
	runner.Prompt
	get func() string
}

type keyField struct {
	account model.Account
	entry   *control.Secret
}

// secretField is the field of a sensitive variable that has no value on this computer.
type secretField struct {
	name  string
	entry *control.Secret
}

func newSheet(deps sheetDeps, q inquiry) *sheet {
	sh := &sheet{sheetDeps: deps, q: q, form: form.New()}
	sh.form.Check = sh.check
	content := sh.build()
	sh.dialog = &dialog.Dialog{
		Title:   lang.L("Run · {{.Project}}", map[string]any{"Project": q.project.Name}),
		Content: focus.Scroll(container.NewPadded(content)), Keys: sh.form.Keys, OnConfirm: sh.confirm, OnClosed: sh.onClosed,
	}
	const width = 660
	content.Resize(fyne.NewSize(width-60, 10)) // the height of wrapped text depends on its width
	sh.dialog.Size = fyne.NewSize(width, min(640, 140+content.MinSize().Height))
	switch {
	case q.refused():
		sh.dialog.Cancel = lang.L("Close")
		sh.dialog.Buttons = sh.refusedButtons()
	case len(questions[runner.AccountKey](q)) > 0:
		sh.dialog.Confirm = lang.L("Save and continue")
	default:
		sh.dialog.Confirm = lang.L("Run")
	}
	return sh
}

// build returns the content from top to bottom.
func (sh *sheet) build() *fyne.Container {
	box := container.New(layout.NewCustomPaddedVBoxLayout(8))
	add := func(o fyne.CanvasObject) {
		if o != nil {
			box.Add(o)
		}
	}
	add(sh.overview())
	for _, r := range sh.q.Refusals {
		if r.Wrong != nil {
			add(sh.wrongAccount(r.Step, *r.Wrong))
		}
	}
	add(sh.refusals())
	if sh.q.refused() {
		return box
	}
	for _, o := range sh.identities() {
		add(o)
	}
	for _, r := range questions[runner.AlreadyRunning](sh.q) {
		add(notice(lang.L("“{{.Step}}” is already running: {{.Run}}.", map[string]any{"Step": r.Step, "Run": title(r.Run)})))
	}
	for _, s := range questions[runner.UnseenScript](sh.q) {
		add(sh.script(s))
	}
	add(sh.fields())
	return box
}

// refusedButtons returns the buttons of a run that can't start.
func (sh *sheet) refusedButtons() (buttons []fyne.CanvasObject) {
	if !slices.ContainsFunc(sh.q.Refusals, isWrong) {
		buttons = append(buttons, control.NewButton(sh.form.Keys, lang.L("Try again"), func() { sh.close(sh.tryAgain) }))
	}
	if sh.editStep != nil && sh.stepToEdit() != "" {
		buttons = append(buttons, control.NewButton(sh.form.Keys, lang.L("Edit step"), func() {
			sh.dialog.Close()
			sh.editStep(sh.q.project.Name, sh.stepToEdit())
		}))
	}
	return buttons
}

func (sh *sheet) show() {
	sh.dialog.First = sh.first()
	sh.dialog.Show(sh.window)
	sh.validate()
	time.AfterFunc(afterOpening, func() {
		fyne.Do(func() {
			sh.ready = true
			sh.validate()
		})
	})
}

// first returns the first field that can have the focus.
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

// overview describes the run: environment, steps and usual duration.
func (sh *sheet) overview() fyne.CanvasObject {
	line := lang.L("Steps: {{.Steps}}", map[string]any{"Steps": strings.Join(sh.q.Plan.StepNames(), ", ")})
	if sh.q.Plan.Environment != "" {
		line = lang.L("Environment: {{.Environment}}", map[string]any{"Environment": sh.q.Plan.Environment}) + "   ·   " + line
	}
	if sh.q.Usual.Runs > 0 {
		line += "   ·   " + lang.L("usually takes {{.Time}}", map[string]any{"Time": span(sh.q.Usual)})
	}
	return text(line)
}

// identities shows each different identity of the steps once.
func (sh *sheet) identities() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	var seen []string
	for i, v := range sh.q.Verdicts {
		id := v.Identity
		if id.AWSID == "" {
			continue
		}
		region := sh.q.Plan.Steps[i].Region
		as := id.ARN // that of a role differs from step to step, as it includes the session name
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
	if slices.ContainsFunc(questions[runner.FirstTime](sh.q), func(q runner.FirstTime) bool { return q.Account.ID == account.ID }) {
		head.Add(container.NewCenter(display.NewBadge(lang.L("first run in this AWS account"), display.Caution)))
	}
	rows := container.New(layout.NewCustomPaddedVBoxLayout(-6), head)
	if words := endpointText(v.Identity); words != "" {
		big := newBigText()
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

// refusals lists why the run can't start, or returns nil.
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

// isWrong reports whether the refusal is a wrong AWS account, which wrongAccount shows.
func isWrong(r runner.Refusal) bool { return r.Wrong != nil }

func (sh *sheet) stepToEdit() string {
	if i := slices.IndexFunc(sh.q.Refusals, isWrong); i >= 0 {
		return sh.q.Refusals[i].Step
	}
	if i := slices.IndexFunc(sh.q.Refusals, func(r runner.Refusal) bool { return r.Step != "" }); i >= 0 {
		return sh.q.Refusals[i].Step
	}
	return ""
}

// script shows a script that has not been shown on this computer before.
func (sh *sheet) script(u runner.UnseenScript) fyne.CanvasObject {
	editor := codeedit.New(sh.fonts)
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

// fields returns a field for each question, or nil if there is none.
func (sh *sheet) fields() fyne.CanvasObject {
	var rows []*form.Field
	for _, q := range questions[runner.AccountKey](sh.q) {
		account := q.Account
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.keys = append(sh.keys, keyField{account, entry})
		rows = append(rows, sh.form.Add("key."+account.Name, lang.L("Secret key of {{.Account}}", map[string]any{"Account": account.Name}),
			lang.L("The account {{.Account}} (key {{.Key}}) has no secret key on this computer. It is kept in the vault.",
				map[string]any{"Account": account.Name, "Key": account.AccessKeyID}), entry))
	}
	for _, q := range questions[runner.MissingSecret](sh.q) {
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.secrets = append(sh.secrets, secretField{q.Name, entry})
		rows = append(rows, sh.form.Add("secret."+q.Name, q.Name,
			lang.L("This computer does not have the value. It is used only for this run."), entry))
	}
	for _, q := range questions[runner.Prompt](sh.q) {
		rows = append(rows, sh.prompt(q))
	}
	if protected := questions[runner.Confirmation](sh.q); len(protected) > 0 {
		rows = append(rows, sh.confirmation(protected))
	}
	if len(rows) == 0 {
		return nil
	}
	return form.Rows(rows...)
}

// confirmation returns the field in which the protected AWS accounts are typed.
func (sh *sheet) confirmation(protected []runner.Confirmation) *form.Field {
	var names []string
	for _, q := range protected {
		if names = append(names, q.Account.ID); q.Account.Label != "" {
			names = append(names, q.Account.Label)
		}
	}
	sh.typed = control.NewEntry(sh.form.Keys)
	sh.typed.OnChanged = func(string) { sh.changed() }
	return sh.form.Add("confirm", lang.L("Confirm"),
		lang.L("Type {{.Names}} to run.", map[string]any{"Names": strings.Join(names, " "+lang.L("or")+" ")}), sh.typed)
}

// prompt returns the field of a prompted value.
func (sh *sheet) prompt(q runner.Prompt) *form.Field {
	v := q.Variable
	// These come from a project file, which may be from a stranger.
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

// validate enables Run once everything is answered and the sheet has been shown for a moment: a key or click in that moment was meant
// for what was there before.
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
		missing("confirm", lang.L("This is not the id or label of the AWS account."))
	}
	return list
}

// unconfirmed returns the protected AWS accounts that the typed text does not name. It may name several, separated by spaces or commas.
func (sh *sheet) unconfirmed() []runner.Confirmation {
	typed := strings.TrimSpace(sh.typed.Text)
	parts := strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	return slices.DeleteFunc(questions[runner.Confirmation](sh.q), func(q runner.Confirmation) bool {
		return q.Account.Matches(typed) || slices.ContainsFunc(parts, q.Account.Matches)
	})
}

// confirm hands over the answers, unless one is missing.
func (sh *sheet) confirm() {
	if len(sh.check()) > 0 {
		sh.form.ShowAll()
		return
	}
	a := sh.collect()
	sh.close(func() { sh.answered(a, sh.keys) })
}

// collect reads the answers from the fields.
func (sh *sheet) collect() answers {
	a := answers{accepted: map[string]bool{}}
	for _, f := range sh.values {
		if value := f.get(); value != "" {
			a.given = append(a.given, runner.Given{Name: f.Variable.Name, Value: value})
		} else {
			a.accepted[f.Key()] = true
		}
	}
	for _, f := range sh.secrets {
		a.given = append(a.given, runner.Given{Name: f.name, Value: f.entry.Raw()})
	}
	for _, q := range sh.q.Questions {
		switch q := q.(type) {
		case runner.Confirmation:
			a.confirm = append(a.confirm, q.Account.ID)
		case runner.FirstTime, runner.AlreadyRunning, runner.UnseenScript: // shown in the sheet
			a.accepted[q.Key()] = true
		}
	}
	return a
}

// close closes the sheet and continues with next.
func (sh *sheet) close(next func()) {
	sh.done = true
	sh.dialog.Close()
	next()
}

func (sh *sheet) onClosed() { sh.closed(!sh.done) }
