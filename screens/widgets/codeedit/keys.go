package codeedit

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

func (e *Editor) FocusGained() {
	e.focused, e.leaving = true, false
	e.Refresh()
}

func (e *Editor) FocusLost() {
	e.focused, e.shift, e.leaving = false, false, false
	e.Refresh()
}

// AcceptsTab reports whether Tab indents. In a read-only text and after Escape it leaves the editor.
func (e *Editor) AcceptsTab() bool { return !e.readOnly && !e.leaving }

func (e *Editor) KeyDown(k *fyne.KeyEvent) { e.modifier(k.Name, true) }

func (e *Editor) KeyUp(k *fyne.KeyEvent) { e.modifier(k.Name, false) }

func (e *Editor) modifier(key fyne.KeyName, down bool) {
	if key == desktop.KeyShiftLeft || key == desktop.KeyShiftRight {
		e.shift = down
	}
}

func (e *Editor) TypedRune(r rune) {
	if !focus.Shown(e) {
		return
	}
	e.leaving = false
	switch r {
	case '}', ')', ']':
		e.closeBracket(string(r))
	default:
		e.replaceSelection(string(r), typing)
	}
}

func (e *Editor) TypedKey(k *fyne.KeyEvent) {
	if !focus.Shown(e) {
		return
	}
	e.leaving = k.Name == fyne.KeyEscape
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		e.newline()
	case fyne.KeyTab:
		if e.shift {
			e.untab()
		} else {
			e.tab()
		}
	case fyne.KeyBackspace:
		e.remove(e.backspace(), deleting)
	case fyne.KeyDelete:
		e.remove(e.buf.after(e.sel.Head), single)
	case fyne.KeyEscape:
		e.sel.Clear(e.sel.Head)
		e.Refresh()
	default:
		e.navigate(k.Name, e.shift)
	}
}

// backspace returns where a Backspace deletes to: over one character, or within the indentation to the previous stop.
func (e *Editor) backspace() textPos {
	at := e.sel.Head
	before := e.buf.line(at.Row)[:at.Col]
	step := len(e.indent)
	if e.indent == "\t" || before == "" || leading(before) != before || before[len(before)-1] != ' ' {
		return e.buf.before(at)
	}
	to := textPos{Row: at.Row, Col: (at.Col - 1) / step * step}
	for k := at.Col; k > to.Col; k-- {
		if before[k-1] != ' ' { // a tab
			return e.buf.before(at)
		}
	}
	return to
}

// navigate moves the caret; with extend it extends the selection.
func (e *Editor) navigate(key fyne.KeyName, extend bool) {
	h := e.sel.Head
	from, to := e.sel.Range()
	selected := from != to && !extend
	switch key {
	case fyne.KeyLeft:
		if h = e.buf.before(h); selected {
			h = from
		}
	case fyne.KeyRight:
		if h = e.buf.after(h); selected {
			h = to
		}
	case fyne.KeyUp:
		e.vertical(-1, extend)
		return
	case fyne.KeyDown:
		e.vertical(1, extend)
		return
	case fyne.KeyPageUp:
		e.vertical(-e.page(), extend)
		return
	case fyne.KeyPageDown:
		e.vertical(e.page(), extend)
		return
	case fyne.KeyHome: // to the first non-blank character, and from there to column 0
		if first := len(leading(e.buf.line(h.Row))); h.Col != first {
			h.Col = first
		} else {
			h.Col = 0
		}
	case fyne.KeyEnd:
		h.Col = len(e.buf.line(h.Row))
	default:
		return
	}
	e.moveTo(h, extend)
}

func (e *Editor) moveTo(p textPos, extend bool) {
	e.sel.Head = p
	if !extend {
		e.sel.Anchor = p
	}
	e.moved()
}

func (e *Editor) page() int { return max(1, int(e.grid.Rows())-1) }

// vertical moves by lines. The caret keeps its cell, even across lines that are too short for it.
func (e *Editor) vertical(by int, extend bool) {
	h := e.sel.Head
	goal := e.goal
	if goal < 0 {
		goal = monogrid.CellAt(e.buf.line(h.Row), h.Col)
	}
	switch row := h.Row + by; {
	case row < 0:
		h = textPos{}
	case row >= len(e.buf.lines):
		h = e.buf.last()
	default:
		h = textPos{Row: row, Col: monogrid.ByteAt(e.buf.line(row), float64(goal))}
	}
	e.moveTo(h, extend)
	e.goal = goal
}

// TypedShortcut passes shortcuts that the editor does not handle on to the window.
func (e *Editor) TypedShortcut(s fyne.Shortcut) {
	if !focus.Shown(e) {
		monogrid.PassOn(e, s)
		return
	}
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		e.copy()
	case *fyne.ShortcutCut:
		if e.copy(); !e.readOnly && !e.sel.Empty() {
			e.replaceSelection("", single)
		}
	case *fyne.ShortcutPaste:
		e.insert(fyne.CurrentApp().Clipboard().Content())
	case *fyne.ShortcutSelectAll:
		e.SelectAll()
	case *fyne.ShortcutUndo:
		e.Undo()
	case *fyne.ShortcutRedo:
		e.Redo()
	case *desktop.CustomShortcut:
		if !e.custom(s) {
			monogrid.PassOn(e, s)
		}
	default:
		monogrid.PassOn(e, s)
	}
}

func (e *Editor) SelectAll() {
	e.sel.Anchor, e.sel.Head = textPos{}, e.buf.last()
	e.Refresh()
}

func (e *Editor) copy() {
	if !e.sel.Empty() {
		fyne.CurrentApp().Clipboard().SetContent(e.SelectedText())
	}
}

// custom handles keys with modifiers. On macOS, Option moves by words and Cmd to the ends.
func (e *Editor) custom(s *desktop.CustomShortcut) bool {
	if step, ok := monogrid.ZoomStep(s); ok && e.OnZoom != nil {
		e.OnZoom(step)
		return true
	}
	byWord, toEnd := fyne.KeyModifierControl, fyne.KeyModifierControl
	if runtime.GOOS == "darwin" {
		byWord, toEnd = fyne.KeyModifierAlt, fyne.KeyModifierSuper
	}
	extend := s.Modifier&fyne.KeyModifierShift != 0
	plain := s.Modifier &^ fyne.KeyModifierShift
	if plain == byWord && e.words(s.KeyName, extend) {
		return true
	}
	if plain != toEnd {
		return false
	}
	switch s.KeyName {
	case fyne.KeyHome:
		e.moveTo(textPos{}, extend)
	case fyne.KeyEnd:
		e.moveTo(e.buf.last(), extend)
	case fyne.KeyZ: // with Shift: without it, Fyne sends ShortcutUndo
		e.Redo()
	case fyne.KeySlash:
		e.toggleComment()
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		if runtime.GOOS != "darwin" {
			return false
		}
		e.toEdge(s.KeyName, extend)
	default:
		return false
	}
	return true
}

func (e *Editor) words(key fyne.KeyName, extend bool) bool {
	switch key {
	case fyne.KeyLeft:
		e.moveTo(e.buf.wordBefore(e.sel.Head), extend)
	case fyne.KeyRight:
		e.moveTo(e.buf.wordAfter(e.sel.Head), extend)
	case fyne.KeyBackspace:
		e.remove(e.buf.wordBefore(e.sel.Head), single)
	case fyne.KeyDelete:
		e.remove(e.buf.wordAfter(e.sel.Head), single)
	default:
		return false
	}
	return true
}

func (e *Editor) toEdge(key fyne.KeyName, extend bool) {
	switch key {
	case fyne.KeyUp:
		e.moveTo(textPos{}, extend)
	case fyne.KeyDown:
		e.moveTo(e.buf.last(), extend)
	case fyne.KeyLeft:
		e.navigate(fyne.KeyHome, extend)
	case fyne.KeyRight:
		e.navigate(fyne.KeyEnd, extend)
	}
}
