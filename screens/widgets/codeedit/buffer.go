package codeedit

import (
	"strings"

	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

type textPos = monogrid.TextPos

// buffer is the text as lines without their line ends. There is at least one line. Columns are bytes.
type buffer struct {
	lines []string
	end   string // the line end
}

// newBuffer splits a text into lines. It keeps Windows line ends if the whole text has them. In a text of both kinds the carriage returns
// stay part of their lines, so that a text which is not edited is saved as it was.
func newBuffer(text string) buffer {
	b := buffer{lines: strings.Split(text, "\n"), end: "\n"}
	breaks := len(b.lines) - 1
	if breaks == 0 || strings.Count(text, "\r\n") < breaks || strings.Count(text, "\r") > breaks {
		return b
	}
	b.end = "\r\n"
	for i := range breaks {
		b.lines[i] = strings.TrimSuffix(b.lines[i], "\r")
	}
	return b
}

func (b *buffer) String() string { return strings.Join(b.lines, b.end) }

func (b *buffer) line(row int) string { return b.lines[row] }

func (b *buffer) last() textPos { n := len(b.lines) - 1; return textPos{Row: n, Col: len(b.lines[n])} }

// clamp returns the existing position nearest to p.
func (b *buffer) clamp(p textPos) textPos {
	if p.Row < 0 {
		return textPos{}
	}
	if p.Row >= len(b.lines) {
		return b.last()
	}
	p.Col = min(max(0, p.Col), len(b.lines[p.Row]))
	return p
}

// slice returns the text between two places, with line feeds as line ends.
func (b *buffer) slice(from, to textPos) string {
	if from.Row == to.Row {
		return b.lines[from.Row][from.Col:to.Col]
	}
	var s strings.Builder
	s.WriteString(b.lines[from.Row][from.Col:])
	for row := from.Row + 1; row < to.Row; row++ {
		s.WriteByte('\n')
		s.WriteString(b.lines[row])
	}
	s.WriteByte('\n')
	s.WriteString(b.lines[to.Row][:to.Col])
	return s.String()
}

// replace replaces the text between two places.
func (b *buffer) replace(from, to textPos, text string) {
	put := strings.Split(text, "\n")
	put[0] = b.lines[from.Row][:from.Col] + put[0]
	put[len(put)-1] += b.lines[to.Row][to.Col:]
	if old := to.Row - from.Row + 1; old == len(put) { // the usual case: no lines move
		copy(b.lines[from.Row:], put)
		return
	}
	tail := b.lines[to.Row+1:]
	if len(put) <= to.Row-from.Row+1 {
		n := copy(b.lines[from.Row:], put)
		n += copy(b.lines[from.Row+n:], tail)
		clear(b.lines[from.Row+n:])
		b.lines = b.lines[:from.Row+n]
		return
	}
	lines := make([]string, 0, len(b.lines)+len(put)+64)
	lines = append(lines, b.lines[:from.Row]...)
	lines = append(lines, put...)
	lines = append(lines, tail...)
	b.lines = lines
}

// endOf returns the position after text that is inserted at another.
func endOf(at textPos, text string) textPos {
	n := strings.Count(text, "\n")
	if n == 0 {
		return textPos{Row: at.Row, Col: at.Col + len(text)}
	}
	return textPos{Row: at.Row + n, Col: len(text) - strings.LastIndexByte(text, '\n') - 1}
}

// before and after step over a character or a line end.
func (b *buffer) before(p textPos) textPos {
	switch {
	case p.Col > 0:
		p.Col = monogrid.Before(b.lines[p.Row], p.Col)
	case p.Row > 0:
		p.Row--
		p.Col = len(b.lines[p.Row])
	}
	return p
}

func (b *buffer) after(p textPos) textPos {
	switch {
	case p.Col < len(b.lines[p.Row]):
		p.Col = monogrid.After(b.lines[p.Row], p.Col)
	case p.Row+1 < len(b.lines):
		p = textPos{Row: p.Row + 1}
	}
	return p
}

func (b *buffer) wordBefore(p textPos) textPos {
	if p.Col == 0 {
		return b.before(p)
	}
	p.Col = monogrid.PreviousWord(b.lines[p.Row], p.Col)
	return p
}

func (b *buffer) wordAfter(p textPos) textPos {
	if p.Col == len(b.lines[p.Row]) {
		return b.after(p)
	}
	p.Col = monogrid.NextWord(b.lines[p.Row], p.Col)
	return p
}
