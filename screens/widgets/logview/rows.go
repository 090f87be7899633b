package logview

import (
	"image/color"
	"sort"
	"strconv"

	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// shownMarks limits the matches painted in one line: a line of a million equal characters may have a million.
const shownMarks = 400

// rows is the view as a source of the grid.
type rows View

func (r *rows) Rows() int { return r.n }

func (r *rows) Row(i int) monogrid.Row {
	v := (*View)(r)
	l, prior := v.cache.line(i)
	if l == nil {
		return monogrid.Row{Text: "…", Colour: v.palette.Log.Gutter}
	}
	out := monogrid.Row{Text: l.text, Spans: v.styled(l), Colour: v.levelColour(l), Bar: v.bar(l)}
	if i == v.shown {
		out.Ground = v.palette.Syntax.CurrentLine
		out.Sign = v.palette.Accent
	}
	number := ""
	if !l.after && l.N > 0 {
		number = strconv.Itoa(l.N)
	}
	digits := v.digits()
	out.Gutter = append(out.Gutter, monogrid.Piece{Cell: max(0, digits-len(number)), Text: number})
	if v.times != NoTimes && !l.after {
		start := v.start
		if start.IsZero() {
			start = v.first
		}
		text := v.times.format(l.Time, prior, start, v.Location)
		out.Gutter = append(out.Gutter, monogrid.Piece{Cell: digits + 2 + v.times.width() - len(text), Text: text})
	}
	out.Marks = v.hits(i, len(out.Text))
	if m, ok := monogrid.SelectionMark(v.sel.Anchor, v.sel.Head, i, v.palette.Log.Selection); ok {
		out.Marks = append(out.Marks, m)
	}
	return out
}

// digits returns the number of digits of the largest line number.
func (v *View) digits() int {
	if s, ok := v.src.(interface{ numbers() int }); ok {
		return digitsOf(s.numbers())
	}
	n := v.n
	if l, _ := v.cache.line(v.n - 1); v.n > 0 && l != nil {
		n = max(n, l.N)
	}
	return digitsOf(n)
}

func digitsOf(n int) int {
	const least = 3
	return max(least, len(strconv.Itoa(n)))
}

func (v *View) gutterSize() int { return v.timesBeside(v.digits()) }

func (v *View) gutterFor(lines int) int { return v.timesBeside(digitsOf(lines)) }

func (v *View) timesBeside(digits int) int {
	if v.times != NoTimes {
		return digits + 2 + v.times.width()
	}
	return digits
}

func (v *View) levelColour(l *line) color.NRGBA {
	c := v.palette.Log
	switch {
	case l.Level == Error:
		return c.Error
	case l.Level == Warning:
		return c.Warning
	case l.Level == Wait:
		return c.Wait
	case l.Level == Highlight:
		return c.Highlight
	case l.Level == Verbose, l.Stream == Note:
		return c.Verbose
	}
	return c.Info
}

// bar returns the colour of the stripe that marks warnings, errors and standard error.
func (v *View) bar(l *line) color.Color {
	switch {
	case l.Level == Error:
		return v.palette.Error
	case l.Level == Warning:
		return v.palette.Warning
	case l.Level == Highlight:
		return v.palette.Accent
	case l.Stream == Stderr:
		return v.palette.Log.StderrBar
	}
	return nil
}

// styled returns a line's colour codes as spans in the colours of the palette.
func (v *View) styled(l *line) []monogrid.Span {
	if l.palette == v.palette {
		return l.styled
	}
	l.palette = v.palette
	l.styled = nil
	if len(l.spans) == 0 && l.Level == Highlight {
		l.styled = []monogrid.Span{{From: 0, To: len(l.text), Bold: true}}
	}
	for _, s := range l.spans {
		c := v.colour(s.Style, v.levelColour(l))
		l.styled = append(l.styled, monogrid.Span{
			From: s.From, To: s.To, FG: c.fg, BG: c.bg,
			Bold: s.Style.Attr&ansi.Bold != 0, Underline: s.Style.Attr&ansi.Underline != 0, Strike: s.Style.Attr&ansi.Strike != 0,
		})
	}
	return l.styled
}

// hits returns marks for the matches in line i.
func (v *View) hits(i, length int) []monogrid.Mark {
	found := v.search.matches
	k := sort.Search(len(found), func(k int) bool { return found[k].Row >= i })
	var out []monogrid.Mark
	for ; k < len(found) && found[k].Row == i && len(out) < shownMarks; k++ {
		m := found[k]
		if m.To > length {
			continue // the line has changed since
		}
		c := v.palette.Log
		mark := monogrid.Mark{From: m.From, To: m.To, BG: c.Hit, FG: c.OnHit}
		if k == v.search.current {
			mark.BG, mark.FG = c.CurrentHit, color.Black
		}
		out = append(out, mark)
	}
	return out
}
