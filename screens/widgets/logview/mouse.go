package logview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// MouseDown implements desktop.Mouseable: it starts a selection of characters, words or lines, or extends the one there is.
func (v *View) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	at := v.pane.Offset(e.Position)
	place := v.grid.At(at)
	v.whole = v.clicks.Press(e.Position)
	if v.grid.InGutter(at) {
		v.whole = 3
	}
	switch {
	case e.Modifier&fyne.KeyModifierShift != 0:
		v.head = place
	case v.whole == 2:
		from, to := monogrid.Word(v.text(place.Row), place.Col)
		v.anchor, v.head = monogrid.Place{Row: place.Row, Col: from}, monogrid.Place{Row: place.Row, Col: to}
	case v.whole == 3:
		v.anchor, v.head = monogrid.Place{Row: place.Row}, v.lineEnd(place.Row)
	default:
		v.anchor, v.head = place, place
	}
	v.shown = -1
	v.Refresh()
}

// lineEnd is the place behind a line, its end included where there is a next one.
func (v *View) lineEnd(row int) monogrid.Place {
	if row+1 < v.n {
		return monogrid.Place{Row: row + 1}
	}
	return monogrid.Place{Row: row, Col: len(v.text(row))}
}

// MouseUp implements desktop.Mouseable.
func (v *View) MouseUp(*desktop.MouseEvent) {}

// Dragged implements fyne.Draggable: it extends the selection and scrolls beyond the edges. The text must not run away under the hand, so
// following ends.
func (v *View) Dragged(e *fyne.DragEvent) {
	v.grid.AtEnd = false
	at := v.pane.Offset(e.Position)
	height := v.Size().Height
	const fastest = 5 // rows for each movement of the hand
	switch row := v.grid.Cell().Height; {
	case at.Y < 0:
		v.grid.SetTop(v.grid.Top - min(fastest, 1+float64(-at.Y/row)))
	case at.Y > height:
		v.grid.SetTop(v.grid.Top + min(fastest, 1+float64((at.Y-height)/row)))
	}
	place := v.grid.At(at)
	back := place.Before(v.anchor)
	switch {
	case v.whole == 2:
		from, to := monogrid.Word(v.text(place.Row), place.Col)
		if place.Col = to; back {
			place.Col = from
		}
	case v.whole == 3 && back:
		place.Col = 0
	case v.whole == 3:
		place = v.lineEnd(place.Row)
	}
	v.head = place
	if v.follow {
		v.follow = false
		if v.OnFollow != nil {
			v.OnFollow(false)
		}
	}
	v.fill()
	v.Refresh()
}

// DragEnd implements fyne.Draggable.
func (v *View) DragEnd() {}

// TappedSecondary implements fyne.SecondaryTappable: it opens the menu.
func (v *View) TappedSecondary(e *fyne.PointEvent) {
	if v.Menu == nil {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		widget.ShowPopUpMenuAtPosition(v.Menu(), c, e.AbsolutePosition)
	}
}

// Cursor implements desktop.Cursorable.
func (v *View) Cursor() desktop.Cursor { return desktop.TextCursor }
