package runs

import (
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
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// identityLine shows the AWS account and identity of a step, with the account's colour.
type identityLine struct {
	bar     *display.Bar
	account *widget.Label
	mark    *display.Badge
	sandbox *bigText
	rest    *widget.Label
	content *fyne.Container
}

func newIdentityLine() *identityLine {
	l := &identityLine{bar: display.NewBar(), mark: display.NewBadge("", display.Bad), sandbox: newBigText(), rest: widget.NewLabel("")}
	l.account = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.rest.Truncation = fyne.TextTruncateEllipsis
	l.content = container.NewBorder(nil, nil, container.NewHBox(l.bar, l.sandbox, l.account, container.NewCenter(l.mark)), nil, l.rest)
	return l
}

func (l *identityLine) set(step model.StepRun, a model.AWSAccount, now time.Time, over bool) {
	id := step.Identity
	unknown := id.AWSID == ""
	l.bar.SetColour(string(a.Colour), !unknown && !id.Sandbox)
	l.sandbox.set(endpointText(id))
	switch {
	case id.Account == model.NoAccount:
		l.account.SetText(lang.L("No AWS account"))
	case unknown && over:
		l.account.SetText("")
	case unknown:
		l.account.SetText(lang.L("Asking AWS who this is…"))
	default:
		l.account.SetText(a.String())
	}
	if a.Protected {
		l.mark.Set(lang.L("PROTECTED"), display.Bad, "")
	} else {
		l.mark.Set("", display.Bad, "")
	}
	l.rest.SetText(strings.Join(identityParts(step, now, over), " · "))
	setShown(l.content, !unknown || id.Account == model.NoAccount || !over)
}

// endpointText is shown in large letters if the endpoint is not AWS itself.
func endpointText(id model.Identity) string {
	switch {
	case id.Sandbox:
		return "SANDBOX"
	case id.Endpoint != "":
		return id.Endpoint
	}
	return ""
}

func identityParts(step model.StepRun, now time.Time, over bool) []string {
	id := step.Identity
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(who(id))
	add(step.Region)
	if !id.Expires.IsZero() && !over {
		if left := id.Expires.Sub(now); left > 0 {
			add(lang.L("expires in {{.Time}}", map[string]any{"Time": About(left)}))
		} else {
			add(lang.L("expired"))
		}
	}
	if !step.LastOutput.IsZero() && step.Status == model.Running {
		if quiet := now.Sub(step.LastOutput); quiet >= 3*time.Second {
			add(lang.L("last output {{.Time}} ago", map[string]any{"Time": length(quiet)}))
		}
	}
	return parts
}

// bigText is a text in large letters.
type bigText struct {
	widget.BaseWidget
	text *canvas.Text
}

func newBigText() *bigText {
	l := &bigText{text: canvas.NewText("", nil)}
	l.text.TextSize = 20
	l.text.TextStyle.Bold = true
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

func (l *bigText) set(text string) {
	l.text.Text = text
	setShown(l, text != "")
	l.Refresh()
}

func (l *bigText) CreateRenderer() fyne.WidgetRenderer {
	l.text.Color = theme.For(l).Warning
	return widget.NewSimpleRenderer(container.New(layout.NewCustomPaddedLayout(0, 0, 8, 4), l.text))
}

func (l *bigText) Refresh() {
	l.text.Color = theme.For(l).Warning
	l.BaseWidget.Refresh()
}

type stepList struct {
	list   *stepRows
	steps  []model.StepRun
	now    func() time.Time
	chosen func(model.StepRun)
	silent bool // select without calling chosen
}

func newStepList(now func() time.Time, chosen func(model.StepRun)) *stepList {
	l := &stepList{now: now, chosen: chosen}
	l.list = newStepRows(func() int { return len(l.steps) }, func(i int, row *stepRow) { row.set(l.steps[i], l.now()) })
	l.list.HideSeparators = true
	l.list.OnSelected = func(i int) {
		if !l.silent && i < len(l.steps) {
			l.chosen(l.steps[i])
		}
	}
	return l
}

// stepRows is a list that leaves Escape to the window.
type stepRows struct{ widget.List }

func newStepRows(length func() int, fill func(int, *stepRow)) *stepRows {
	l := &stepRows{}
	l.Length = length
	l.CreateItem = func() fyne.CanvasObject { return newStepRow() }
	l.UpdateItem = func(i int, o fyne.CanvasObject) {
		if row, ok := o.(*stepRow); ok {
			fill(i, row)
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *stepRows) TypedKey(ev *fyne.KeyEvent) {
	if focus.Shown(l) && !focus.PassEscape(l, ev) {
		l.List.TypedKey(ev)
	}
}

// choose selects a step without calling chosen.
func (l *stepList) choose(id int64) {
	for i, s := range l.steps {
		if s.ID == id {
			l.silent = true
			l.list.Select(i)
			l.silent = false
		}
	}
}

type stepRow struct {
	widget.BaseWidget
	sign, name, time *widget.Label
}

func newStepRow() *stepRow {
	r := &stepRow{sign: widget.NewLabel("✓"), name: widget.NewLabel("")}
	r.time = widget.NewLabelWithStyle("", fyne.TextAlignTrailing, fyne.TextStyle{})
	r.name.Truncation = fyne.TextTruncateEllipsis
	r.time.Importance = widget.LowImportance
	r.ExtendBaseWidget(r)
	return r
}

func (r *stepRow) CreateRenderer() fyne.WidgetRenderer {
	const signs = 30 // width of the widest, so that the names are aligned
	return widget.NewSimpleRenderer(container.NewBorder(nil, nil, wide(signs, r.sign), r.time, r.name))
}

func (r *stepRow) set(s model.StepRun, now time.Time) {
	f := faceOf(s.Status)
	r.sign.Importance = map[display.Tone]widget.Importance{
		display.Good: widget.SuccessImportance, display.Caution: widget.WarningImportance,
		display.Bad: widget.DangerImportance, display.Neutral: widget.HighImportance,
	}[f.tone]
	r.sign.SetText(f.sign)
	r.name.SetText(stepName(s))
	r.time.SetText(lasted(s.Status, s.Started, s.Finished, now))
}
