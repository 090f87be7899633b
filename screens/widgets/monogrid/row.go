package monogrid

import (
	"image/color"
	"math"
)

// ToEdge, as the end of a Mark, extends it to the right edge of the view.
const ToEdge = math.MaxInt

// Source has the rows of a Grid. It is called while the grid is painted, on the main goroutine, and must not block.
type Source interface {
	Rows() int
	Row(i int) Row
}

// Row is a row and its look. Columns are bytes of Text.
type Row struct {
	Text   string
	Spans  []Span // styles of the text, in order and without overlaps
	Marks  []Mark // painted behind the text in this order, over Ground
	Ground color.Color
	Colour color.Color // of text that no span colours; nil: the grid's

	Gutter []Piece     // painted in the gutter, which does not scroll sideways
	Bar    color.Color // a stripe at the left edge of the text
	Sign   color.Color // a dot at the left edge of the gutter
}

// Piece is a text in the gutter, starting at a cell.
type Piece struct {
	Cell   int
	Text   string
	Colour color.Color
}

// Span is the style of the bytes From up to To of a text. A nil colour keeps the one below.
type Span struct {
	From, To  int
	FG, BG    color.Color
	Bold      bool
	Underline bool
	Strike    bool
}

// Mark is painted behind the bytes From up to To of a text: a selection, a match, an error.
type Mark struct {
	From, To int
	BG, FG   color.Color // FG, if set, takes precedence over the spans' colours
	Wave     color.Color // of a wavy underline; nil: none
}

// TextPos is a position in the text: before byte Col of row Row.
type TextPos struct{ Row, Col int }

func (p TextPos) Before(q TextPos) bool { return p.Row < q.Row || p.Row == q.Row && p.Col < q.Col }

// Order returns two places, the earlier one first.
func Order(p, q TextPos) (first, second TextPos) {
	if q.Before(p) {
		return q, p
	}
	return p, q
}

// SelectionMark returns the mark of a selection in one of its rows; ok is false if the selection does not touch the row. If the selection
// continues in the next row, the mark extends to the edge, to show that the line end is selected.
func SelectionMark(a, b TextPos, row int, bg color.Color) (m Mark, ok bool) {
	a, b = Order(a, b)
	if a == b || row < a.Row || row > b.Row {
		return Mark{}, false
	}
	m = Mark{From: 0, To: ToEdge, BG: bg}
	if row == a.Row {
		m.From = a.Col
	}
	if row == b.Row {
		m.To = b.Col
	}
	return m, m.From < m.To
}
