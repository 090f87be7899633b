package focus_test

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

func TestShown(t *testing.T) {
	a := uitest.New(t)
	corner, field := widget.NewEntry(), widget.NewEntry()
	inner := container.NewPadded(field)
	box := container.NewStack(inner)
	w := a.Show(container.NewVBox(corner, box), fyne.NewSize(300, 200))
	for _, row := range []struct {
		name string
		do   func()
		want bool
	}{
		{"in the window", func() {}, true},
		{"hidden", field.Hide, false},
		{"shown again", field.Show, true},
		{"in something hidden", inner.Hide, false},
		{"in something shown again", inner.Show, true},
		{"taken out", func() { box.RemoveAll() }, false},
		{"put in again", func() { box.Add(inner) }, true},
	} {
		row.do()
		if got := focus.Shown(field); got != row.want {
			t.Errorf("%s: %v", row.name, got)
		}
		if !focus.Shown(corner) {
			t.Errorf("%s: the object in the corner counts as hidden", row.name)
		}
	}
	over := widget.NewEntry()
	test.WidgetRenderer(over)
	popup := widget.NewModalPopUp(over, w.Canvas())
	popup.Show()
	if !focus.Shown(over) {
		t.Error("an open dialog counts as hidden")
	}
	popup.Hide()
	if focus.Shown(over) {
		t.Error("a closed dialog counts as shown")
	}
}

func TestSwapTakesTheFocusFromTheOldPage(t *testing.T) {
	a := uitest.New(t)
	first, second := widget.NewEntry(), widget.NewEntry()
	page := container.NewStack(container.NewPadded(first))
	w := a.Show(container.NewPadded(page), fyne.NewSize(300, 200))
	w.Canvas().Focus(first)
	if !focus.Swap(page, container.NewPadded(second)) || w.Canvas().Focused() != nil {
		t.Errorf("%v has the focus", w.Canvas().Focused())
	}
	focus.Offer(w, second)
	if w.Canvas().Focused() != second {
		t.Error("the new page did not get the focus")
	}
	if focus.Swap(page, container.NewPadded(second)) {
		t.Error("Swap reports that it took the focus from an object that stays")
	}
	focus.Offer(w, first)
	if w.Canvas().Focused() != second {
		t.Error("the focus was taken from an object on the screen")
	}
}

func TestTheGuardTakesTheFocusFromHiddenObjects(t *testing.T) {
	a := uitest.New(t)
	hidden, home := widget.NewEntry(), widget.NewEntry()
	fold := container.NewPadded(hidden)
	w := a.Show(container.NewPadded(container.NewVBox(fold, home)), fyne.NewSize(300, 200))
	g := &focus.Guard{Window: w, Home: func() { focus.Offer(w, home) }}
	w.Canvas().Focus(hidden)
	g.Check()
	a.Pump()
	if w.Canvas().Focused() != hidden {
		t.Fatal("the focus was taken from an object on the screen")
	}
	fold.Hide()
	a.Until("the focus to move home", func() bool { g.Check(); return w.Canvas().Focused() == home })
}

// column shows a scrolling column of fields above a field that does not scroll.
func column(a *uitest.App, fields int) (w fyne.Window, scroll *container.Scroll, list []*widget.Entry, below *widget.Entry) {
	box := container.NewVBox()
	for i := range fields {
		e := widget.NewEntry()
		e.SetText(fmt.Sprint(i))
		list = append(list, e)
		box.Add(container.NewPadded(e))
	}
	below = widget.NewEntry()
	scroll = focus.Scroll(box)
	w = a.Show(container.NewBorder(widget.NewLabel("head"), below, nil, nil, scroll), fyne.NewSize(300, 260))
	return w, scroll, list, below
}

// inSight reports whether all of o can be seen in scroll.
func inSight(scroll *container.Scroll, o fyne.CanvasObject) bool {
	driver := fyne.CurrentApp().Driver()
	y := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(scroll).Y
	return y >= 0 && y+o.Size().Height <= scroll.Size().Height
}

func TestAFormScrollsToTheFocusedField(t *testing.T) {
	a := uitest.New(t)
	w, scroll, list, below := column(a, 20)
	for _, step := range []func(){w.Canvas().FocusNext, w.Canvas().FocusPrevious} {
		for range 3 * len(list) {
			step()
			focused := w.Canvas().Focused()
			if focused == below {
				continue
			}
			a.UntilDrawn(w, "the field to scroll into view", func() bool { return inSight(scroll, focused.(fyne.CanvasObject)) })
		}
	}
}

func TestTheWheelMayScrollAwayFromTheFocusedField(t *testing.T) {
	a := uitest.New(t)
	w, scroll, list, below := column(a, 20)
	for _, e := range []*widget.Entry{list[19], list[1]} { // far apart, so that the second scrolls again
		w.Canvas().Focus(e)
		a.UntilDrawn(w, "the field to scroll into view", func() bool { return inSight(scroll, e) })
	}
	scroll.ScrollToBottom()
	end := scroll.Offset.Y
	frames := func() {
		for range 5 {
			a.Draw(w)
			a.PumpFor(10 * time.Millisecond)
		}
	}
	frames()
	if scroll.Offset.Y != end || end == 0 {
		t.Errorf("scrolled back to %v from %v", scroll.Offset.Y, end)
	}
	w.Canvas().Focus(below) // outside the scroll area, though its position is within the scrolled content
	frames()
	if scroll.Offset.Y != end {
		t.Errorf("scrolled to %v for a field beside the form", scroll.Offset.Y)
	}
}

func TestAFieldPushedOutOfViewIsFollowed(t *testing.T) {
	a := uitest.New(t)
	w, scroll, list, _ := column(a, 20)
	for _, e := range []*widget.Entry{list[19], list[3]} {
		w.Canvas().Focus(e)
		a.UntilDrawn(w, "the field to scroll into view", func() bool { return inSight(scroll, e) })
	}
	list[0].MultiLine = true
	list[0].SetMinRowsVisible(12) // as when a note appears above
	list[0].Refresh()
	w.Content().Refresh()
	scroll.Refresh()
	a.UntilDrawn(w, "the field to stay in view", func() bool { return scroll.Offset.Y > 0 && inSight(scroll, list[3]) })
}
