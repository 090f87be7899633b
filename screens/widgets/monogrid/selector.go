package monogrid

import "fyne.io/fyne/v2"

// Selector is a selection made with the mouse or the keys, from Anchor, where it began, to Head, which moves.
type Selector struct {
	Anchor, Head TextPos
	Text         func(row int) string
	Rows         func() int
	Clicks       Clicks

	unit     unit    // dragging extends the selection by this
	from, to TextPos // the word or line where the drag began
}

type unit uint8

const (
	byCharacter unit = iota
	byWord
	byLine
)

func (s *Selector) Empty() bool { return s.Anchor == s.Head }

// Range returns the selection with its earlier end first.
func (s *Selector) Range() (from, to TextPos) { return Order(s.Anchor, s.Head) }

// Clear moves both ends to a place.
func (s *Selector) Clear(at TextPos) { s.Anchor, s.Head = at, at }

// Press begins a selection at the place under the pointer: a single press selects characters, a double press a word, a triple press a
// line. A press on a line number selects the line, and one with Shift extends the selection.
func (s *Selector) Press(at TextPos, pointer fyne.Position, inGutter, extend bool) {
	s.unit = unit(s.Clicks.Press(pointer) - 1) //nolint:gosec // 0 to 2
	if inGutter {
		s.unit = byLine
	}
	if extend {
		s.unit = byCharacter
		s.Head = at
		return
	}
	s.from, s.to = s.around(at)
	s.Anchor, s.Head = s.from, s.to
}

// Drag extends the selection to the place under the pointer. The word or line where it began stays selected in either direction.
func (s *Selector) Drag(at TextPos) {
	if s.unit == byCharacter {
		s.Head = at
		return
	}
	from, to := s.around(at)
	if from.Before(s.from) {
		s.Anchor, s.Head = s.to, from
	} else {
		s.Anchor, s.Head = s.from, to
	}
}

func (s *Selector) around(at TextPos) (from, to TextPos) {
	switch s.unit {
	case byWord:
		a, b := word(s.Text(at.Row), at.Col)
		return TextPos{at.Row, a}, TextPos{at.Row, b}
	case byLine:
		if at.Row+1 < s.Rows() {
			return TextPos{Row: at.Row}, TextPos{Row: at.Row + 1}
		}
		return TextPos{Row: at.Row}, TextPos{at.Row, len(s.Text(at.Row))}
	}
	return at, at
}
