package feedback

import (
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/control"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// UndoTime is how long a deletion can be taken back.
const UndoTime = 10 * time.Second

// UndoBar says what was deleted and offers to take it back. It holds one deletion; the next one makes the last one final.
type UndoBar struct {
	box   *fyne.Container
	text  *widget.Label
	undo  *control.Button
	final func()
	back  func()
	turn  int
	timer *time.Timer
}

// NewUndoBar makes a bar that is not seen.
func NewUndoBar() *UndoBar {
	b := &UndoBar{text: widget.NewLabel("")}
	b.text.Truncation = fyne.TextTruncateEllipsis
	b.undo = control.NewButton(nil, lang.L("Undo"), b.Undo)
	b.box = container.NewVBox(widget.NewSeparator(), container.NewBorder(nil, nil, nil, b.undo, b.text))
	b.box.Hide()
	return b
}

// Content gives what to put below a list.
func (b *UndoBar) Content() fyne.CanvasObject { return b.box }

// Show offers to take something back with undo; final is called once that is no longer possible.
func (b *UndoBar) Show(text string, undo, final func()) {
	b.Flush()
	b.back, b.final = undo, final
	b.text.SetText(text)
	b.box.Show()
	turn := b.turn
	b.timer = time.AfterFunc(UndoTime, func() {
		fyne.Do(func() {
			if turn == b.turn {
				b.Flush()
			}
		})
	})
}

// Undo takes the deletion back.
func (b *UndoBar) Undo() {
	back := b.back
	b.clear()
	if back != nil {
		back()
	}
}

// Flush makes the deletion final now, as when the place is left.
func (b *UndoBar) Flush() {
	final := b.final
	b.clear()
	if final != nil {
		final()
	}
}

// Visible reports whether something can be taken back.
func (b *UndoBar) Visible() bool { return b.box.Visible() }

func (b *UndoBar) clear() {
	b.turn++
	if b.timer != nil {
		b.timer.Stop()
	}
	b.back, b.final = nil, nil
	b.box.Hide()
}
