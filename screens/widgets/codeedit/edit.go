package codeedit

import (
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// insert replaces the selection, or inserts text at the caret, as one step of the history.
func (e *Editor) insert(text string) {
	e.replaceSelection(plainEnds(text), single)
}

// plainEnds converts the line ends of pasted text to line feeds. The buffer has one kind for all its lines.
func plainEnds(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

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

// make applies changes and returns the first row that they touch.
func (e *Editor) make(changes []change) int {
	first := len(e.buf.lines)
	for _, c := range changes {
		e.buf.replace(c.at, endOf(c.at, c.old), c.new)
		first = min(first, c.at.Row)
	}
	return first
}

// do applies changes as a step of the history, and sets the selection to after.
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

// rescan updates what depends on the lines from first on.
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

// remove deletes the selection, or the text between the caret and to.
func (e *Editor) remove(to textPos, kind stepKind) {
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
