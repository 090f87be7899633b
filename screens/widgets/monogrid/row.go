package monogrid

import (
	"image/color"
	"math"
)

// ToEdge as the end of a Mark takes it to the right edge of the view, over the end of the text.
const ToEdge = math.MaxInt

// Source is what a Grid shows. The grid asks while it paints, on the main goroutine, so an answer must be at hand.
type Source interface {
	Rows() int
	Row(i int) Row
}

// Row is one row as it is to look. Places are bytes of Text.
type Row struct {
	Text   string
	Spans  []Span // in order, not overlapping: colours of the text
	Marks  []Mark // painted behind the text in their order, over the rows's Ground
	Ground color.Color
	Colour color.Color // of text that no span colours; nil takes the grid's

	Gutter []Piece     // painted in the gutter, which does not scroll sideways
	Bar    color.Color // a stripe at the left edge of the text
	Sign   color.Color // a dot at the left edge of the gutter
}

// Piece is a text of the gutter, from a cell on.
type Piece struct {
	Cell   int
	Text   string
	Colour color.Color
}

// Span is how the bytes From up to To of a text look. A nil colour keeps the one below.
type Span struct {
	From, To  int
	FG, BG    color.Color
	Bold      bool
	Underline bool
	Strike    bool
}

// Mark lies behind the bytes From up to To of a text: a selection, a hit of a search, a fault.
type Mark struct {
	From, To int
	BG, FG   color.Color // FG, where set, wins over the spans' colours
	Wave     color.Color // underlines with a wave
}

// Place is a place in the text: before byte Col of row Row.
type Place struct{ Row, Col int }

// Before tells whether p comes before q.
func (p Place) Before(q Place) bool { return p.Row < q.Row || p.Row == q.Row && p.Col < q.Col }

// Order gives two places, the earlier one first.
func Order(p, q Place) (first, second Place) {
	if q.Before(p) {
		return q, p
	}
	return p, q
}

// SelectionMark is the mark of what lies between two places in one row; ok is false where the row has none of it. Where the selection goes
// on in the next row, the mark reaches over the end of the text, so that the line end is seen to belong to it.
func SelectionMark(a, b Place, row int, bg color.Color) (m Mark, ok bool) {
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
