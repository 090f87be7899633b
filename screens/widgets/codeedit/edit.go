package codeedit

import (
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// Insert puts text in place of what is selected, or at the caret, as one step that can be undone.
func (e *Editor) Insert(text string) {
	e.replaceSelection(plainEnds(text), single)
}

// plainEnds brings pasted text to plain line ends. The buffer gives all of its lines the same.
func plainEnds(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// Undo takes the last step back.
func (e *Editor) Undo() {
	if e.readOnly {
		return
	}
	s, ok := e.history.back()
	if !ok {
		return
	}
	first := len(e.buf.lines)
	for i := len(s.changes) - 1; i >= 0; i-- {
		c := s.changes[i]
		e.buf.replace(c.at, endOf(c.at, c.new), c.old)
		first = min(first, c.at.Row)
	}
	e.changed(first, s.before)
}

// Redo makes the step again that was taken back last.
func (e *Editor) Redo() {
	if e.readOnly {
		return
	}
	s, ok := e.history.again()
	if !ok {
		return
	}
	e.changed(e.make(s.changes), s.after)
}

// make applies changes and gives the first row that they touched.
func (e *Editor) make(changes []change) int {
	first := len(e.buf.lines)
	for _, c := range changes {
		e.buf.replace(c.at, endOf(c.at, c.old), c.new)
		first = min(first, c.at.Row)
	}
	return first
}

// do makes changes that can be undone, and puts the caret where after says.
func (e *Editor) do(kind stepKind, after selection, changes ...change) {
	if e.readOnly || len(changes) == 0 {
		return
	}
	now := time.Now()
	if e.Now != nil {
		now = e.Now()
	}
	s := step{changes, selection{e.sel.Anchor, e.sel.Head}, after, kind, now}
	first := e.make(changes)
	e.history.record(s)
	e.changed(first, after)
}

func (e *Editor) changed(first int, sel selection) {
	e.sel.Anchor, e.sel.Head = sel.anchor, sel.head
	e.rescan(first)
	e.moved()
	if e.OnChanged != nil {
		e.OnChanged()
	}
}

// rescan brings up to date what is known of the lines from first on.
func (e *Editor) rescan(first int) {
	if first+1 < len(e.states) {
		e.states = e.states[:first+1]
	}
	e.widest = 0
	for _, line := range e.buf.lines {
		e.widest = max(e.widest, monogrid.Cells(line))
	}
	e.searchAgain()
}

func (e *Editor) replaceSelection(text string, kind stepKind) {
	from, to := e.sel.Range()
	if from == to && text == "" {
		return
	}
	if from != to && kind == typing {
		kind = single
	}
	end := endOf(from, text)
	e.do(kind, selection{end, end}, change{from, e.buf.slice(from, to), text})
}

// remove deletes what is selected, or else from the caret to where to leads.
func (e *Editor) remove(to place, kind stepKind) {
	if !e.sel.Empty() {
		e.replaceSelection("", single)
		return
	}
	from, end := monogrid.Order(e.sel.Head, to)
	if from == end {
		return
	}
	e.do(kind, selection{from, from}, change{from, e.buf.slice(from, end), ""})
}
