package feedback

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// undoTime is how long a deletion can be undone.
const undoTime = 10 * time.Second

// UndoBar says what was deleted and offers to undo it. It has room for one deletion: the next one makes the previous one final.
type UndoBar struct {
	box   *fyne.Container
	text  *widget.Label
	undo  *control.Button
	final func()
	back  func()
	shows int // counts calls of Show and clear, so that an old timer is ignored
	timer *time.Timer
}

// NewUndoBar returns a hidden bar.
func NewUndoBar() *UndoBar {
	b := &UndoBar{text: widget.NewLabel("")}
	b.text.Truncation = fyne.TextTruncateEllipsis
	b.undo = control.NewButton(nil, lang.L("Undo"), b.Undo)
	b.box = container.NewVBox(widget.NewSeparator(), container.NewBorder(nil, nil, nil, b.undo, b.text))
	b.box.Hide()
	return b
}

func (b *UndoBar) Content() fyne.CanvasObject { return b.box }

// Show offers to call undo; final is called once that is no longer possible.
func (b *UndoBar) Show(text string, undo, final func()) {
	b.Flush()
	b.back, b.final = undo, final
	b.text.SetText(text)
	b.box.Show()
	show := b.shows
	b.timer = time.AfterFunc(undoTime, func() {
		fyne.Do(func() {
			if show == b.shows {
				b.Flush()
			}
		})
	})
}

func (b *UndoBar) Undo() {
	back := b.back
	b.clear()
	if back != nil {
		back()
	}
}

// Flush makes the deletion final now, as when the person leaves the place.
func (b *UndoBar) Flush() {
	final := b.final
	b.clear()
	if final != nil {
		final()
	}
}

// Visible reports whether something can be undone.
func (b *UndoBar) Visible() bool { return b.box.Visible() }

func (b *UndoBar) clear() {
	b.shows++
	if b.timer != nil {
		b.timer.Stop()
	}
	b.back, b.final = nil, nil
	b.box.Hide()
}
