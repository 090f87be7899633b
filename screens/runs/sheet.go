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
	keys    map[*model.Account]*control.Secret
	ready   bool // long enough in sight to be answered
	gone    bool // answered
}

// valueField asks for a prompted value.
type valueField struct {
	runner.Question
	get func() string
}

// secretField asks for a sensitive variable's value.
type secretField struct {
	name  string
	entry *control.Secret
}

func newSheet(s *starter, q inquiry) *sheet {
	sh := &sheet{starter: s, q: q, form: form.New(), keys: map[*model.Account]*control.Secret{}}
	sh.form.Check = sh.check
	box := container.New(layout.NewCustomPaddedVBoxLayout(8))
	add := func(o fyne.CanvasObject) {
		if o != nil {
			box.Add(o)
		}
	}
	add(sh.what())
	for _, w := range q.wrong {
		add(sh.wrongAccount(w))
	}
	add(sh.refusals())
	if !q.hopeless() {
		for _, o := range sh.identities() {
			add(o)
		}
		for step, r := range q.running {
			add(notice(lang.L("“{{.Step}}” is running already: {{.Run}}.", map[string]any{"Step": step, "Run": title(r)})))
		}
		for _, sc := range q.scripts {
			add(sh.script(sc))
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
		if len(q.wrong) == 0 {
			sh.dialog.Buttons = []fyne.CanvasObject{control.NewButton(sh.form.Keys, lang.L("Try again"), sh.tryAgain)}
		}
		if p := s.place; p.deps.EditStep != nil && sh.stepToMend() != "" {
			sh.dialog.Buttons = append(sh.dialog.Buttons, control.NewButton(sh.form.Keys, lang.L("Edit step"), func() {
				sh.dialog.Close()
				p.deps.EditStep(q.project.Name, sh.stepToMend())
			}))
		}
	case len(q.keys) > 0:
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
	line := lang.L("Steps: {{.Steps}}", map[string]any{"Steps": strings.Join(sh.q.stepNames(), ", ")})
	if sh.q.plan.Environment != "" {
		line = lang.L("Environment: {{.Environment}}", map[string]any{"Environment": sh.q.plan.Environment}) + "   ·   " + line
	}
	if sh.q.usual.Runs > 0 {
		line += "   ·   " + lang.L("usually takes {{.Time}}", map[string]any{"Time": sh.q.usual.span()})
	}
	return text(line)
}

// identities says where and as whom the steps would act, each once.
func (sh *sheet) identities() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	var seen []string
	for i, v := range sh.q.verdicts {
		id := v.Identity
		if id.AWSID == "" {
			continue
		}
		region := sh.q.plan.Steps[i].Region
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
	head := container.NewHBox(widget.NewLabel(lang.L("Acts in")), bold(known(account)))
	if account.Protected {
		head.Add(container.NewCenter(display.NewBadge(lang.L("PROTECTED"), display.Bad)))
	}
	if slices.ContainsFunc(sh.q.first, func(a model.AWSAccount) bool { return a.ID == account.ID }) {
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
		as += "   " + lang.L("from account {{.Account}}, key {{.Key}}", map[string]any{"Account": v.Identity.Account, "Key": keyEnd(v.Identity.AccessKeyID)})
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
func (sh *sheet) wrongAccount(w mismatch) fyne.CanvasObject {
	side := func(head string, a model.AWSAccount, below string) fyne.CanvasObject {
		bar := display.NewBar()
		bar.SetColour(string(a.Colour), true)
		id := widget.NewLabelWithStyle(known(a), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		return display.Card(container.NewBorder(nil, nil, bar, nil, container.New(layout.NewCustomPaddedVBoxLayout(-4), widget.NewLabel(head), id, text(below))))
	}
	b := feedback.NewBanner()
	b.Show(lang.L("The step “{{.Step}}” would act in the wrong AWS account. Nothing has run.", map[string]any{"Step": w.step}), display.Bad)
	return container.NewVBox(b.Content(), container.NewGridWithColumns(2,
		side(lang.L("Expected"), w.expected, lang.L("by {{.From}}", map[string]any{"From": w.from})),
		side(lang.L("It would be"), w.actual, lang.L("as {{.Who}}", map[string]any{"Who": w.as}))))
}

// refusals lists what no answer here can mend.
func (sh *sheet) refusals() fyne.CanvasObject {
	if len(sh.q.refused) == 0 {
		return nil
	}
	box := container.NewVBox()
	for _, r := range sh.q.refused {
		b := feedback.NewBanner()
		words := r.text
		if r.step != "" {
			words = r.step + ": " + words
		}
		b.Show(words, display.Bad)
		box.Add(b.Content())
	}
	return box
}

func (sh *sheet) stepToMend() string {
	for _, w := range sh.q.wrong {
		return w.step
	}
	for _, r := range sh.q.refused {
		if r.step != "" {
			return r.step
		}
	}
	return ""
}

// script shows a script that nobody at this computer has seen yet.
func (sh *sheet) script(u unseen) fyne.CanvasObject {
	editor := codeedit.New(sh.starter.place.deps.Fonts)
	switch u.language {
	case model.PowerShell:
		editor.SetLexer(syntax.PowerShell())
	case model.Bash:
		editor.SetLexer(syntax.Bash())
	}
	editor.SetText(u.text)
	editor.SetReadOnly(true)
	height := min(220, 24+float32(strings.Count(u.text, "\n")+1)*18)
	return container.NewVBox(
		text(lang.L("The script of “{{.Step}}” has not run on this computer before. This is what it does:", map[string]any{"Step": u.step})),
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
	for i := range sh.q.keys {
		account := &sh.q.keys[i]
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.keys[account] = entry
		rows = append(rows, sh.form.Add("key."+account.Name, lang.L("Secret key of {{.Account}}", map[string]any{"Account": account.Name}),
			lang.L("The account {{.Account}} (key {{.Key}}) has no secret key on this computer. It is kept in the vault.", map[string]any{"Account": account.Name, "Key": account.AccessKeyID}), entry))
	}
	for _, name := range sh.q.secrets {
		entry := control.NewSecret(sh.form.Keys)
		entry.OnChanged = func(string) { sh.changed() }
		sh.secrets = append(sh.secrets, secretField{name, entry})
		rows = append(rows, sh.form.Add("secret."+name, name, lang.L("This computer does not have the value. It is used for this run alone."), entry))
	}
	for _, q := range sh.q.prompts {
		rows = append(rows, sh.prompt(q))
	}
	if len(sh.q.protected) > 0 {
		var ways []string
		for _, a := range sh.q.protected {
			if ways = append(ways, a.ID); a.Label != "" {
				ways = append(ways, a.Label)
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
func (sh *sheet) prompt(q runner.Question) *form.Field {
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

// validate lets Run be pressed once everything is answered.
// validate enables Run once all is answered. A key or click that was meant for what the sheet covers does not run anything.
func (sh *sheet) validate() { sh.dialog.SetBusy(!sh.ready || len(sh.check()) > 0) }

func (sh *sheet) check() []form.Problem {
	var list []form.Problem
	missing := func(path, words string) {
		list = append(list, form.Problem{Field: path, Err: model.NewError("run.answer", "%s", words)})
	}
	for account, entry := range sh.keys {
		if entry.Value() == "" {
			missing("key."+account.Name, lang.L("Enter the secret key."))
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
func (sh *sheet) unconfirmed() []model.AWSAccount {
	typed := strings.TrimSpace(sh.typed.Text)
	parts := strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	return slices.DeleteFunc(slices.Clone(sh.q.protected), func(a model.AWSAccount) bool {
		return a.Matches(typed) || slices.ContainsFunc(parts, a.Matches)
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
			s.said.accepted["value."+f.Variable.Name] = true
		}
	}
	for _, f := range sh.secrets {
		s.said.given = append(s.said.given, runner.Given{Name: f.name, Value: f.entry.Raw()})
	}
	for _, a := range sh.q.protected {
		s.said.confirm = append(s.said.confirm, a.ID)
		s.said.accepted[a.ID] = true
	}
	for _, a := range sh.q.first {
		s.said.accepted[a.ID] = true
	}
	for _, r := range sh.q.running {
		s.said.accepted[title(r)] = true
	}
	for _, u := range sh.q.scripts {
		s.said.accepted[u.hash] = true
	}
	keys := map[*model.Account]string{}
	for account, entry := range sh.keys {
		keys[account] = entry.Value()
	}
	sh.gone = true
	sh.dialog.Close()
	if len(keys) > 0 {
		s.saveKeys(keys, s.look)
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
