package runs

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// outcome is the panel below the header that explains why a run or a step failed and what can be done, or shows the message of the
// script.
type outcome struct {
	err     string // of the view or the engine
	fault   fault
	line    int // of the error in the log; 0: unknown
	goTo    func(line int)
	copied  func()
	edit    func() // nil: not offered
	edge    *edge
	head    *widget.Label
	text    *widget.Label
	raw     *widget.Label // the error message of AWS
	line1   *control.Button
	admin   *control.Button
	editBtn *control.Button
	rawBtn  *control.Button
	buttons *fyne.Container
	content *fyne.Container
	resized func() // called when the height has changed
	height  float32
}

func newOutcome() *outcome {
	o := &outcome{edge: newEdge(), text: widget.NewLabel(""), raw: widget.NewLabel("")}
	o.head = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	o.head.Truncation = fyne.TextTruncateEllipsis
	o.text.Wrapping = fyne.TextWrapWord
	o.raw.Wrapping, o.raw.TextStyle.Monospace, o.raw.Importance = fyne.TextWrapBreak, true, widget.LowImportance
	o.raw.Hide()
	o.line1 = control.NewButton(nil, "", func() { o.goTo(o.line) })
	o.admin = control.NewButton(nil, lang.L("Copy details"), func() { o.copied() })
	o.editBtn = control.NewButton(nil, lang.L("Edit step"), func() { o.edit() })
	o.rawBtn = control.NewButton(nil, lang.L("Message from AWS"), o.toggleRaw).Quiet()
	o.buttons = container.NewHBox(o.line1, o.admin, o.editBtn, o.rawBtn)
	rows := container.New(layout.NewCustomPaddedVBoxLayout(-10),
		o.head, o.text, o.raw, container.New(layout.NewCustomPaddedLayout(12, 6, 6, 0), o.buttons))
	o.content = container.NewBorder(nil, nil, o.edge, nil, rows)
	o.content.Hide()
	return o
}

func (o *outcome) toggleRaw() {
	setShown(o.raw, !o.raw.Visible())
	o.resize()
}

// resize updates the height and calls resized if it has changed.
func (o *outcome) resize() {
	o.content.Refresh()
	height := float32(0)
	if o.content.Visible() {
		height = o.content.MinSize().Height
	}
	if height != o.height {
		o.height = height
		o.resized()
	}
}

// setError sets an error that is not in the store.
func (o *outcome) setError(text string) { o.err = text }

// setFault sets the error that was found in the log.
func (o *outcome) setFault(f fault, line int) { o.fault, o.line = f, line }

// clear drops the fault, for another step.
func (o *outcome) clear() {
	o.fault, o.line = fault{}, 0
	o.raw.Hide()
}

func (o *outcome) set(r model.Run, step model.StepRun, now time.Time) {
	bad := step.Status == model.Failed || step.Status == model.TimedOut || step.Status == model.Interrupted
	lines := o.lines(r, step)
	head := ""
	if bad {
		head = failureHead(step, o.line, now)
	}
	setShown(o.head, head != "")
	o.head.SetText(head)
	setShown(o.text, len(lines) > 0)
	o.text.SetText(legible(strings.Join(lines, "\n"), sentenceRunes, sentenceLines))
	tone := o.tone(r, step, bad)
	o.head.Importance = map[display.Tone]widget.Importance{
		display.Bad: widget.DangerImportance, display.Caution: widget.WarningImportance,
	}[tone]
	o.head.Refresh()
	o.edge.set(tone)
	o.setButtons(step, bad)
	if text := legible(o.fault.text, rawRunes, rawLines); o.raw.Text != text {
		o.raw.SetText(text)
	}
	setShown(o.content, head != "" || len(lines) > 0)
	o.resize()
}

func (o *outcome) tone(r model.Run, step model.StepRun, bad bool) display.Tone {
	switch {
	case bad, o.err != "":
		return display.Bad
	case step.Skip == model.SkipFailed, step.Skip == model.SkipNotFailed, step.Skip == model.SkipCondition:
		return display.Neutral
	case !step.Status.Over() && step.ResultMessage != "":
		return display.Neutral
	case step.Status == model.Succeeded && (r.Status.Good() || !r.Status.Over()):
		return display.Neutral
	case step.Status == model.Warning, step.Status == model.Stopped, r.Status == model.Stopped, !r.Status.Over():
		return display.Caution
	}
	return display.Bad
}

func (o *outcome) setButtons(step model.StepRun, bad bool) {
	setShown(o.line1, bad && o.line > 0)
	o.line1.SetText(lang.L("Go to line {{.Line}}", map[string]any{"Line": grouped(o.line)}))
	setShown(o.admin, bad && o.fault.text != "")
	setShown(o.rawBtn, bad && o.fault.text != "")
	label := lang.L("Message from AWS")
	if step.Identity.AWSID == "" { // the script did not run with an AWS identity
		label = lang.L("Message from the script")
	}
	o.rawBtn.SetText(label)
	setShown(o.editBtn, bad && o.edit != nil && step.Step != "")
	setShown(o.buttons, bad)
}

// lines returns the sentences to show, the most important one first.
func (o *outcome) lines(r model.Run, step model.StepRun) []string {
	var lines []string
	add := func(text string) {
		text = strings.TrimSpace(text)
		if text != "" && !strings.Contains(strings.Join(lines, "\n"), text) {
			lines = append(lines, text)
		}
	}
	add(o.err)
	add(step.ResultMessage)
	if step.Status.Over() {
		if !step.Status.Good() {
			add(o.fault.sentence)
		}
		if o.fault.sentence == "" || step.ExitCode == nil { // the exit code is already in the headline
			add(step.Message)
		}
	}
	if r.Status.Over() {
		add(r.Message)
	}
	add(refusedCalls(r, step))
	return lines
}

// failureHead is the headline of a failure: ✕ Failed · exit 254 · line 1,204 · after 3:12.
func failureHead(step model.StepRun, line int, now time.Time) string {
	f := faceOf(step.Status)
	parts := []string{f.sign + " " + f.word}
	if step.ExitCode != nil {
		parts = append(parts, lang.L("exit {{.Code}}", map[string]any{"Code": *step.ExitCode}))
	}
	if step.Signal != "" {
		parts = append(parts, step.Signal)
	}
	if line > 0 {
		parts = append(parts, lang.L("line {{.Line}}", map[string]any{"Line": grouped(line)}))
	}
	if t := lasted(step.Status, step.Started, step.Finished, now); t != "" {
		parts = append(parts, lang.L("after {{.Time}}", map[string]any{"Time": t}))
	}
	return strings.Join(parts, " · ")
}

// grouped formats a number in groups of three digits.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// forAdmin returns the details that an administrator needs to change a policy.
func forAdmin(r model.Run, step model.StepRun, f fault) string {
	var b strings.Builder
	row := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	b.WriteString(legible(f.sentence, copyRunes, copyLines) + "\n\n")
	row(lang.L("Identity"), step.Identity.ARN)
	row(lang.L("AWS account"), step.Identity.AWSID)
	row(lang.L("Region"), step.Region)
	row(lang.L("Endpoint"), step.Identity.Endpoint)
	row(lang.L("Action"), f.action)
	row(lang.L("Resource"), f.resource)
	row(lang.L("Operation"), f.operation)
	row(lang.L("Time"), step.Finished.UTC().Format(time.RFC3339))
	row(lang.L("Run"), title(r)+" · "+step.Step)
	b.WriteString("\n" + legible(f.text, copyRunes, copyLines) + "\n")
	return b.String()
}

// edge is a vertical stripe in the colour of a tone.
type edge struct {
	widget.BaseWidget
	tone display.Tone
	face *canvas.Rectangle
}

func newEdge() *edge {
	e := &edge{face: canvas.NewRectangle(nil)}
	e.face.CornerRadius = 2
	e.face.SetMinSize(fyne.NewSize(4, 8))
	e.ExtendBaseWidget(e)
	return e
}

func (e *edge) set(tone display.Tone) {
	e.tone = tone
	e.Refresh()
}

func (e *edge) colour() {
	p := theme.For(e)
	switch e.tone {
	case display.Bad:
		e.face.FillColor = p.Error
	case display.Caution:
		e.face.FillColor = p.Warning
	default:
		e.face.FillColor = p.Separator
	}
}

func (e *edge) CreateRenderer() fyne.WidgetRenderer {
	e.colour()
	return widget.NewSimpleRenderer(container.New(layout.NewCustomPaddedLayout(4, 4, 0, 0), e.face))
}

func (e *edge) Refresh() {
	e.colour()
	e.BaseWidget.Refresh()
}
