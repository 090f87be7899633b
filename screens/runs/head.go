package runs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// newHead returns the header of a run. Each button has a fixed position from the right edge, so that a click on Stop never hits a
// button that starts a run.
func (v *view) newHead() fyne.CanvasObject {
	back := control.NewButton(nil, lang.L("All runs"), v.home).Quiet()
	back.SetIcon(fynetheme.NavigateBackIcon())
	v.status, v.kept = display.NewBadge("", display.Neutral), display.NewBadge("", display.Neutral)
	v.rehearsal = display.NewBadge("", display.Caution)
	v.name = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	v.name.SizeName = fynetheme.SizeNameSubHeadingText
	v.elapsed, v.stopWord = widget.NewLabel(""), widget.NewLabel("")
	v.stopWord.Importance = widget.WarningImportance
	for _, l := range []*widget.Label{v.name, v.elapsed, v.stopWord} {
		l.Truncation = fyne.TextTruncateEllipsis
	}
	v.forceBtn = control.NewButton(nil, lang.L("Force now"), v.force)
	v.forceBtn.Importance = widget.DangerImportance
	v.forceBtn.Hide()
	v.stopBtn = control.NewButton(nil, lang.L("Stop"), v.askToStop)
	v.stopBtn.SetIcon(fynetheme.MediaStopIcon())
	v.againBtn = control.NewButton(nil, lang.L("Run again"), func() { v.again(v.id) })
	v.againBtn.SetIcon(fynetheme.MediaReplayIcon())
	v.moreBtn = menuButton(nil, lang.L("More"), v.moreMenu)
	left := container.NewHBox(back, container.NewCenter(v.status), container.NewCenter(v.rehearsal), container.NewCenter(v.kept))
	right := container.NewHBox(v.forceBtn, v.stopBtn, v.againBtn, v.moreBtn)
	return container.New(headLayout{}, left, v.name, v.stopWord, v.elapsed, right)
}

// headLayout places the buttons at both ends and the texts between them. The name gets the width that the other texts leave.
type headLayout struct{}

func (headLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	from, to := o[0].MinSize().Width, size.Width-o[4].MinSize().Width
	place := func(o fyne.CanvasObject, x, width float32) {
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(max(0, width), h))
		o.Move(fyne.NewPos(x, (size.Height-h)/2))
	}
	place(o[0], 0, from)
	place(o[4], to, size.Width-to)
	for _, label := range []fyne.CanvasObject{o[3], o[2]} {
		width := min(labelWidth(label), max(0, to-from))
		to -= width
		place(label, to, width)
	}
	place(o[1], from, to-from)
}

// MinSize includes the hidden buttons, so that nothing moves when Force now appears.
func (headLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(o[0].MinSize().Width+o[1].MinSize().Width, 0)
	for _, one := range o {
		size.Height = max(size.Height, one.MinSize().Height)
	}
	if buttons, ok := o[4].(*fyne.Container); ok {
		for _, b := range buttons.Objects {
			size.Width += b.MinSize().Width + fynetheme.Padding()
		}
	}
	return size
}

// labelWidth returns the width at which a label shows its whole text. Text is drawn slightly wider than it measures, hence the margin.
func labelWidth(o fyne.CanvasObject) float32 {
	l, ok := o.(*widget.Label)
	if !ok || l.Text == "" {
		return 0
	}
	return fyne.MeasureText(l.Text, fynetheme.TextSize(), l.TextStyle).Width + 2*fynetheme.InnerPadding() + 6
}

// setLabel changes the text of a label in the header, and the layout with it.
func setLabel(l *widget.Label, text string, head fyne.CanvasObject) {
	if l.Text != text {
		l.SetText(text)
		head.Refresh()
	}
}
