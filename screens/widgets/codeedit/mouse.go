package codeedit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// MouseDown moves the caret, or selects a word or a line.
func (e *Editor) MouseDown(ev *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		c.Focus(e)
	}
	e.leaving = false
	at := e.pane.Offset(ev.Position)
	if ev.Button != desktop.MouseButtonPrimary {
		if e.sel.Empty() {
			e.sel.Clear(e.textPosAt(at))
			e.moved()
		}
		return
	}
	e.sel.Press(e.textPosAt(at), ev.Position, e.grid.InGutter(at), ev.Modifier&fyne.KeyModifierShift != 0)
	e.goal = -1
	e.Refresh() // without scrolling, so that the text does not move under the pointer
	if e.OnCaret != nil {
		e.OnCaret(e.Caret())
	}
}

// textPosAt returns the position under the pointer. While the placeholder is shown, the grid has more text than the buffer.
func (e *Editor) textPosAt(at fyne.Position) textPos { return e.buf.clamp(e.grid.At(at)) }

func (e *Editor) MouseUp(*desktop.MouseEvent) {}

// Dragged extends the selection, and scrolls when the pointer is beyond an edge.
func (e *Editor) Dragged(ev *fyne.DragEvent) {
	at := e.pane.Offset(ev.Position)
	e.pane.DragScroll(at)
	e.sel.Drag(e.textPosAt(at))
	e.moved()
}

func (e *Editor) DragEnd() {}

// TappedSecondary opens the context menu.
func (e *Editor) TappedSecondary(ev *fyne.PointEvent) {
	if e.Menu == nil {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		widget.ShowPopUpMenuAtPosition(e.Menu(), c, ev.AbsolutePosition)
	}
}

func (e *Editor) Scrolled(ev *fyne.ScrollEvent) { e.pane.Wheel(ev) }

func (e *Editor) Cursor() desktop.Cursor { return desktop.TextCursor }
