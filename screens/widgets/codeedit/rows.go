package codeedit

import (
	"image/color"
	"sort"
	"strconv"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
	"github.com/stepdeck/stepdeck/screens/widgets/syntax"
)

// Severity is the severity of a Marker.
type Severity uint8

const (
	Warning Severity = iota + 1
	Error
)

// Marker marks a problem: the bytes From up to To of a line, whose number counts from 1. If To is 0 it marks the whole line.
type Marker struct {
	Line, From, To int
	Severity       Severity
	Message        string
}

// SetMarkers replaces all markers. They do not move when lines are inserted or deleted.
func (e *Editor) SetMarkers(markers []Marker) {
	e.markers = map[int][]Marker{}
	for _, m := range markers {
		e.markers[m.Line-1] = append(e.markers[m.Line-1], m)
	}
	e.Refresh()
}

// rows is the editor as a source of the grid.
type rows Editor

func (r *rows) Rows() int { return len(r.buf.lines) }

func (r *rows) Row(i int) monogrid.Row {
	e := (*Editor)(r)
	p := e.palette
	text := e.buf.line(i)
	out := monogrid.Row{Text: text, Spans: e.spans(i)}
	if text == "" && len(e.buf.lines) == 1 && e.Placeholder != "" {
		return monogrid.Row{Text: e.Placeholder, Colour: p.Muted, Gutter: number(1, p.Log.Gutter, 1)}
	}
	colour := p.Log.Gutter
	if here := i == e.sel.Head.Row && e.focused; here {
		colour = p.Text
		if e.sel.Empty() && !e.readOnly {
			out.Ground = p.Syntax.CurrentLine
		}
	}
	out.Gutter = number(i+1, colour, len(e.buf.lines))
	for _, s := range out.Spans {
		if s.BG != nil { // painted as a mark, so that a selection is painted over it
			out.Marks = append(out.Marks, monogrid.Mark{From: s.From, To: s.To, BG: s.BG})
		}
	}
	out.Marks = append(out.Marks, e.hits(i)...)
	if m, ok := monogrid.SelectionMark(e.sel.Anchor, e.sel.Head, i, p.Log.Selection); ok {
		out.Marks = append(out.Marks, m)
	}
	for _, m := range e.markers[i] {
		c := severityColour(p, m.Severity)
		out.Sign = graver(out.Sign, c, p)
		from, to := min(max(0, m.From), len(text)), min(m.To, len(text))
		if m.To <= 0 {
			from, to = len(leading(text)), len(text)
		}
		if from < to {
			out.Marks = append(out.Marks, monogrid.Mark{From: from, To: to, Wave: c})
		}
	}
	return out
}

func severityColour(p *theme.Palette, s Severity) color.Color {
	if s == Error {
		return p.Error
	}
	return p.Warning
}

// graver returns the colour of the more severe of two markers.
func graver(a, b color.Color, p *theme.Palette) color.Color {
	if a == color.Color(p.Error) {
		return a
	}
	return b
}

func digits(n int) int { return max(2, len(strconv.Itoa(n))) }

func number(n int, c color.Color, most int) []monogrid.Piece {
	text := strconv.Itoa(n)
	return []monogrid.Piece{{Cell: digits(most) - len(text), Text: text, Colour: c}}
}

// spans returns the colours of a line. The lexer runs from the first line whose state is not known.
func (e *Editor) spans(i int) []monogrid.Span {
	if len(e.states) == 0 {
		e.states = append(e.states[:0], syntax.State{})
	}
	for k := len(e.states) - 1; k < i; k++ {
		var next syntax.State
		e.tokens, next = syntax.Highlight(e.lexer, e.states[k], e.buf.line(k), e.tokens[:0])
		e.states = append(e.states, next)
	}
	e.tokens, _ = syntax.Highlight(e.lexer, e.states[i], e.buf.line(i), e.tokens[:0])
	out := make([]monogrid.Span, 0, len(e.tokens))
	for _, t := range e.tokens {
		out = append(out, span(t, &e.palette.Syntax))
	}
	return out
}

func span(t syntax.Token, c *theme.SyntaxColors) monogrid.Span {
	s := monogrid.Span{From: t.From, To: t.To}
	switch t.Kind {
	case syntax.Keyword:
		s.FG, s.Bold = c.Keyword, true
	case syntax.String:
		s.FG = c.String
	case syntax.Comment:
		s.FG = c.Comment
	case syntax.Number:
		s.FG = c.Number
	case syntax.Variable:
		s.FG = c.Variable
	case syntax.Command:
		s.FG = c.Command
	case syntax.Parameter:
		s.FG = c.Parameter
	case syntax.Type:
		s.FG = c.Type
	case syntax.Operator:
		s.FG = c.Operator
	case syntax.Expression:
		s.FG, s.BG = c.Expression, c.ExpressionBackground
	}
	return s
}

// hits returns marks for the matches in row i.
func (e *Editor) hits(i int) []monogrid.Mark {
	found := e.search.matches
	k := sort.Search(len(found), func(k int) bool { return found[k].row >= i })
	var out []monogrid.Mark
	const most = 400 // in one line
	for ; k < len(found) && found[k].row == i && len(out) < most; k++ {
		c := e.palette.Log
		m := monogrid.Mark{From: found[k].from, To: found[k].to, BG: c.Hit, FG: c.OnHit}
		if k == e.search.current {
			m.BG, m.FG = c.CurrentHit, color.Black
		}
		out = append(out, m)
	}
	return out
}
