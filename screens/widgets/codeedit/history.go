package codeedit

import (
	"strings"
	"time"
)

const (
	joinWithin = time.Second // of typing, to be undone at once
	keptSteps  = 10_000
	keptText   = 32 << 20 // bytes of old and new text
)

// change is a replacement in the text: old, at a place, became new.
type change struct {
	at       place
	old, new string
}

// selection is where the caret stands and what is selected with it.
type selection struct{ anchor, head place }

// step is what one undo takes back.
type step struct {
	changes       []change
	before, after selection
	kind          stepKind
	when          time.Time
}

type stepKind uint8

const (
	single   stepKind = iota // stands alone
	typing                   // joins what was typed just before
	deleting                 // joins what was deleted backwards just before
)

type history struct {
	undo, redo []step
	size       int // bytes of text in undo
}

// record adds a step that has been made.
func (h *history) record(s step) {
	h.redo = nil
	if h.join(s) {
		return
	}
	h.undo = append(h.undo, s)
	h.size += s.size()
	for len(h.undo) > 1 && (len(h.undo) > keptSteps || h.size > keptText) {
		h.size -= h.undo[0].size()
		h.undo = h.undo[1:]
	}
}

// join makes a step part of the last one where both are the same kind of typing, at one place, without a pause.
func (h *history) join(s step) bool {
	if len(h.undo) == 0 || s.kind == single {
		return false
	}
	last := &h.undo[len(h.undo)-1]
	if last.kind != s.kind || s.when.Sub(last.when) > joinWithin {
		return false
	}
	l, c := &last.changes[0], s.changes[0]
	if strings.Contains(c.new+c.old, "\n") || strings.Contains(l.new, "\n") {
		return false
	}
	switch {
	case s.kind == typing && c.old == "" && endOf(l.at, l.new) == c.at:
		l.new += c.new
	case s.kind == deleting && l.new == "" && c.new == "" && endOf(c.at, c.old) == l.at:
		l.at, l.old = c.at, c.old+l.old
	default:
		return false
	}
	h.size += len(c.new) + len(c.old)
	last.after, last.when = s.after, s.when
	return true
}

// back takes the last step out, to be undone.
func (h *history) back() (step, bool) {
	n := len(h.undo)
	if n == 0 {
		return step{}, false
	}
	s := h.undo[n-1]
	h.undo = h.undo[:n-1]
	h.size -= s.size()
	h.redo = append(h.redo, s)
	return s, true
}

// again takes out the last step that was undone, to be made again.
func (h *history) again() (step, bool) {
	n := len(h.redo)
	if n == 0 {
		return step{}, false
	}
	s := h.redo[n-1]
	h.redo = h.redo[:n-1]
	s.kind = single // typing on does not change what was redone
	h.undo = append(h.undo, s)
	h.size += s.size()
	return s, true
}

func (s step) size() int {
	n := 0
	for _, c := range s.changes {
		n += len(c.old) + len(c.new)
	}
	return n
}
