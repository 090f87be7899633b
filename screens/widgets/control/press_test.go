package control

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// press is the left button of a mouse over a field.
func press() *desktop.MouseEvent {
	return &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
}

// A form must not move under the pointer: Fyne takes the focus from a field when the button goes up over something else.
func TestAFormScrollsAfterAClick(t *testing.T) {
	a := uitest.New(t)
	box := container.NewVBox()
	var last *Entry
	for range 12 {
		last = NewEntry(nil)
		box.Add(last)
	}
	scroll := focus.Scroll(box)
	w := a.Show(scroll, fyne.NewSize(300, 200))
	last.MouseDown(press())
	for range 5 {
		a.Draw(w)
		a.Pump()
	}
	if scroll.Offset.Y != 0 || w.Canvas().Focused() != last {
		t.Fatalf("scrolled to %v while the button was down, %v has the focus", scroll.Offset.Y, w.Canvas().Focused())
	}
	last.MouseUp(press())
	a.UntilDrawn(w, "the field to scroll into view", func() bool { return scroll.Offset.Y > 0 })
}

func TestAFieldKeepsTheFocusOfAClick(t *testing.T) {
	a := uitest.New(t)
	first, second := NewEntry(nil), NewEntry(nil)
	left := 0
	second.OnLeave = func() { left++ }
	w := a.Show(container.NewVBox(first, second, widget.NewLabel("")), fyne.NewSize(300, 200))
	cv := w.Canvas()

	second.MouseDown(press())
	cv.Unfocus() // the button went up where the field was before an error moved it
	a.Until("the field to have the focus again", func() bool { return cv.Focused() == second })
	if left != 0 {
		t.Error("the field was left")
	}

	second.MouseUp(press())
	cv.Unfocus()
	if cv.Focused() != nil || left != 1 {
		t.Errorf("%v has the focus, left %d times", cv.Focused(), left)
	}

	second.MouseDown(press())
	cv.Focus(first)
	a.Until("the field to be left", func() bool { return left == 2 })
	if cv.Focused() != first {
		t.Errorf("%v has the focus", cv.Focused())
	}
}
