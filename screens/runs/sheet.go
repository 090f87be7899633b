package runs

import (
	"context"
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
	"github.com/stepdeck/stepdeck/screens/widgets/async"
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

// sheetDeps is what a sheet needs. One of tryAgain, rehearse and answered is called after closed, unless the user cancels.
type sheetDeps struct {
	window   fyne.Window
	fonts    *monogrid.Fonts
	now      func() time.Time
	editStep func(project, step string) // nil: not offered
	tools    Tools                      // nil: no help with missing programs

	choose   func(endings []string, done func(path string)) // asks for a file; nil: Fyne's dialog
	choices  func(ctx context.Context, q inquiry, a answers, of model.ValueName, refresh bool) (runner.Choices, error)
	tryAgain func()
	rehearse func(steps []string) // rather than running them; none: all of the run
	answered func(a answers, keys []keyField)
	closed   func(clicked bool) // clicked: the user cancelled it by a click
}

// sheet shows what a run will do and asks its questions. It is shown only if there are questions or refusals.
type sheet struct {
	sheetDeps
	q      inquiry
	dialog *dialog.Dialog
	form   *form.Form

	blamed  *feedback.Banner // why the answers before could not be used
	values  []valueField
	fromAWS []*choiceField
	secrets []secretField
	typed   *control.Entry // of protected AWS accounts

	rehearsal *rehearsalFields // nil: it is not asked for

	keys    []keyField
	looking async.Task // for programs
	ready   bool       // shown long enough to accept an answer
	done    bool       // not cancelled
}

func newSheet(deps sheetDeps, q inquiry) *sheet {
	sh := &sheet{sheetDeps: deps, q: q, form: form.New()}
	sh.form.Check = sh.check
	content := sh.build()
	name := map[string]any{"Project": q.project.Name}
	title := lang.L("Run · {{.Project}}", name)
	if q.wanted.Rehearsal != nil {
		title = lang.L("Rehearse · {{.Project}}", name)
	}
	sh.dialog = &dialog.Dialog{
		Title:   title,
		Content: focus.Scroll(container.NewPadded(content)), Keys: sh.form.Keys, OnConfirm: sh.confirm, OnClosed: sh.onClosed,
		Dirty: func() bool { return !sh.done && sh.form.Dirty() },
	}
	const width = 660
	content.Resize(fyne.NewSize(width-60, 10)) // the height of wrapped text depends on its width
	height := 140 + content.MinSize().Height
	if len(sh.fromAWS) > 0 {
		height += roomForChoices
	}
	sh.dialog.Size = fyne.NewSize(width, min(640, height))
	switch {
	case q.refused():
		sh.dialog.Cancel = lang.L("Close")
		sh.dialog.Buttons = sh.refusedButtons()
	case len(questions[runner.AccountKey](q)) > 0:
		sh.dialog.Confirm = lang.L("Save and continue")
	case len(questions[runner.MFACode](q)) > 0:
		sh.dialog.Confirm = lang.L("Continue")
	case q.wanted.Rehearsal != nil:
		sh.dialog.Confirm = lang.L("Rehearse")
	default:
		sh.dialog.Confirm = lang.L("Run")
	}
	if !q.refused() && q.canRehearse() {
		sh.dialog.Buttons = append(sh.dialog.Buttons, sh.rehearseButton(lang.L("Rehearse…"), nil))
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
	sh.blamed = feedback.NewBanner()
	add(sh.blamed.Content())
	if sh.q.wanted.Rehearsal != nil {
		add(rehearsalNotice())
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
	for _, q := range questions[runner.MissingAWS](sh.q) {
		b := feedback.NewBanner()
		b.Show(lang.L("“{{.Step}}” calls aws.", map[string]any{"Step": q.Step})+" "+q.Err.Error(), display.Caution, sh.toolButtons(q.Err)...)
		add(b.Content())
	}
	for _, s := range questions[runner.UnseenScript](sh.q) {
		add(sh.script(s))
	}
	add(sh.fields())
	return box
}

// blame says why the answers before could not be used; nil: they could.
func (sh *sheet) blame(err error) {
	if err != nil {
		sh.blamed.Show(err.Error(), display.Bad)
	}
}

func (sh *sheet) rehearseButton(label string, steps []string) fyne.CanvasObject {
	return control.NewButton(sh.form.Keys, label, func() { sh.close(func() { sh.rehearse(steps) }) })
}

// refusedButtons returns the buttons of a run that can't start.
func (sh *sheet) refusedButtons() (buttons []fyne.CanvasObject) {
	if !slices.ContainsFunc(sh.q.Refusals, isWrong) {
		buttons = append(buttons, control.NewButton(sh.form.Keys, lang.L("Try again"), func() { sh.close(sh.tryAgain) }))
	}
	if others := sh.q.othersToRehearse(); len(others) > 0 {
		buttons = append(buttons, sh.rehearseButton(lang.L("Rehearse the other steps"), others))
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
		b.Show(words, display.Bad, sh.toolButtons(r.Err)...)
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
	case model.Python:
		editor.SetLexer(syntax.Python())
	}
	editor.SetText(u.Text)
	editor.SetReadOnly(true)
	height := min(220, 24+float32(strings.Count(u.Text, "\n")+1)*18)
	return container.NewVBox(
		text(lang.L("The script of “{{.Step}}” has not been shown on this computer before. This is what it does:",
			map[string]any{"Step": u.Step})),
		container.New(rowHeight(height), editor))
}

type rowHeight float32

func (h rowHeight) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, float32(h))
}

func (h rowHeight) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// confirm hands over the answers, unless one is missing.
func (sh *sheet) confirm() {
	if len(sh.check()) > 0 {
		sh.form.ShowAll()
		return
	}
	a := sh.collect()
	sh.close(func() { sh.answered(a, sh.keys) })
}

// close closes the sheet and continues with next.
func (sh *sheet) close(next func()) {
	sh.done = true
	sh.dialog.Close()
	next()
}

func (sh *sheet) onClosed() {
	for _, f := range sh.fromAWS {
		f.task.Cancel()
	}
	sh.closed(!sh.done && !sh.dialog.Escaped)
}
