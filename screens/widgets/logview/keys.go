package logview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

func (v *View) FocusGained() {
	v.focused = true
	v.Refresh()
}

func (v *View) FocusLost() {
	v.focused, v.shift = false, false
	v.Refresh()
}

func (v *View) TypedRune(rune) {}

func (v *View) KeyDown(e *fyne.KeyEvent) { v.modifier(e.Name, true) }

func (v *View) KeyUp(e *fyne.KeyEvent) { v.modifier(e.Name, false) }

func (v *View) modifier(key fyne.KeyName, down bool) {
	if key == desktop.KeyShiftLeft || key == desktop.KeyShiftRight {
		v.shift = down
	}
}

// TypedKey scrolls, or extends the selection while Shift is held.
func (v *View) TypedKey(e *fyne.KeyEvent) {
	if !focus.Shown(v) {
		return
	}
	if v.shift {
		v.extend(e.Name)
		return
	}
	const sideways = 8 // cells
	page := max(1, v.grid.Rows()-1)
	switch e.Name {
	case fyne.KeyUp:
		v.pane.ScrollBy(-1, 0)
	case fyne.KeyDown:
		v.pane.ScrollBy(1, 0)
	case fyne.KeyLeft:
		v.pane.ScrollBy(0, -sideways)
	case fyne.KeyRight:
		v.pane.ScrollBy(0, sideways)
	case fyne.KeyPageUp:
		v.pane.ScrollBy(-page, 0)
	case fyne.KeyPageDown, fyne.KeySpace:
		v.pane.ScrollBy(page, 0)
	case fyne.KeyHome:
		v.pane.ScrollTo(0)
	case fyne.KeyEnd:
		v.SetFollow(true)
	case fyne.KeyEscape:
		if v.sel.Empty() && v.shown < 0 {
			focus.PassEscape(v, e)
			return
		}
		v.sel.Clear(v.sel.Head)
		v.shown = -1
		v.Refresh()
	}
}

// extend moves the head of the selection by a key. A new selection starts at the first visible row.
func (v *View) extend(key fyne.KeyName) {
	if v.n == 0 {
		return
	}
	if v.sel.Empty() && v.sel.Head == (monogrid.TextPos{}) {
		first, _ := v.grid.Visible()
		v.sel.Clear(monogrid.TextPos{Row: first})
	}
	h := v.sel.Head
	text := v.text(h.Row)
	switch key {
	case fyne.KeyUp:
		h.Row--
	case fyne.KeyDown:
		h.Row++
	case fyne.KeyPageUp:
		h.Row -= max(1, int(v.grid.Rows())-1)
	case fyne.KeyPageDown:
		h.Row += max(1, int(v.grid.Rows())-1)
	case fyne.KeyLeft:
		h.Col = monogrid.Before(text, min(h.Col, len(text)))
	case fyne.KeyRight:
		h.Col = monogrid.After(text, h.Col)
	case fyne.KeyHome:
		h.Col = 0
	case fyne.KeyEnd:
		h.Col = len(text)
	default:
		return
	}
	if h.Row != v.sel.Head.Row { // keep the column, in cells, as far as the line allows
		cell := monogrid.CellAt(text, min(h.Col, len(text)))
		h.Row = min(max(0, h.Row), v.n-1)
		h.Col = monogrid.ByteAt(v.text(h.Row), float64(cell))
	}
	v.sel.Head = h
	v.grid.AtEnd = false
	v.grid.Reveal(h, 0)
	v.scrolled()
	v.Refresh()
}

// text returns the clean text of a row, or nothing if its page is not cached.
func (v *View) text(row int) string {
	if l, _ := v.cache.line(row); l != nil {
		return l.text
	}
	return ""
}

// TypedShortcut passes shortcuts that the view does not handle on to the window.
func (v *View) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		v.Copy()
		return
	case *fyne.ShortcutSelectAll:
		v.SelectAll()
		return
	case *desktop.CustomShortcut:
		if v.custom(s) {
			return
		}
	}
	monogrid.PassOn(v, s)
}

func (v *View) custom(s *desktop.CustomShortcut) bool {
	if step, ok := monogrid.ZoomStep(s); ok && v.OnZoom != nil {
		v.OnZoom(step)
		return true
	}
	if s.Modifier != fyne.KeyModifierShortcutDefault {
		return false
	}
	switch s.KeyName {
	case fyne.KeyHome:
		v.pane.ScrollTo(0)
	case fyne.KeyEnd:
		v.SetFollow(true)
	default:
		return false
	}
	return true
}

func (v *View) Scrolled(e *fyne.ScrollEvent) { v.pane.Wheel(e) }
