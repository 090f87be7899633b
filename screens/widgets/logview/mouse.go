package logview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// MouseDown starts a selection of characters, words or lines, or with Shift extends the existing one.
func (v *View) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	at := v.pane.Offset(e.Position)
	v.sel.Press(v.grid.At(at), e.Position, v.grid.InGutter(at), e.Modifier&fyne.KeyModifierShift != 0)
	v.shown = -1
	v.Refresh()
}

func (v *View) MouseUp(*desktop.MouseEvent) {}

// Dragged extends the selection, and scrolls when the pointer is beyond an edge. It ends following, so that the text does not move under
// the pointer.
func (v *View) Dragged(e *fyne.DragEvent) {
	v.grid.AtEnd = false
	at := v.pane.Offset(e.Position)
	v.pane.DragScroll(at)
	v.sel.Drag(v.grid.At(at))
	if v.follow {
		v.follow = false
		if v.OnFollow != nil {
			v.OnFollow(false)
		}
	}
	v.fill()
	v.Refresh()
}

func (v *View) DragEnd() {}

// TappedSecondary opens the context menu.
func (v *View) TappedSecondary(e *fyne.PointEvent) {
	if v.Menu == nil {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		widget.ShowPopUpMenuAtPosition(v.Menu(), c, e.AbsolutePosition)
	}
}

func (v *View) Cursor() desktop.Cursor { return desktop.TextCursor }
