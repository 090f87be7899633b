package codeedit

import (
	"strings"
	"time"
)

const (
	joinWithin = time.Second // typing without a longer pause is one step
	keptSteps  = 10_000
	keptText   = 32 << 20 // bytes of old and new text
)

// change is a replacement in the text.
type change struct {
	at       textPos
	old, new string
}

// selection is the range between an anchor and the head, where the caret is.
type selection struct{ anchor, head textPos }

// step is what one Undo reverts.
type step struct {
	changes       []change
	before, after selection
	kind          stepKind
	when          time.Time
}

type stepKind uint8

const (
	single   stepKind = iota // is never joined
	typing                   // is joined with the typing just before
	deleting                 // is joined with the backward deletions just before
)

type history struct {
	undo, redo []step
	size       int // of the text in undo, in bytes
}

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

// join adds a step to the last one if both are of the same kind, at the same position and without a pause in between. It reports whether it
// did.
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

// back moves the last step to the redo list and returns it.
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

// again moves the last undone step back and returns it.
func (h *history) again() (step, bool) {
	n := len(h.redo)
	if n == 0 {
		return step{}, false
	}
	s := h.redo[n-1]
	h.redo = h.redo[:n-1]
	s.kind = single // further typing is not joined with it
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
