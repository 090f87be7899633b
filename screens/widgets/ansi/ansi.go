// Package ansi parses the colour codes that programs write for a terminal.
package ansi

import (
	"strings"
	"unicode/utf8"
)

// Kind is how a Color is specified.
type Kind uint8

// Default is the view's own colour.
const (
	Default Kind = iota
	Indexed      // Color.Index: 0-15 are the theme's, 16-231 a 6×6×6 cube, 232-255 greys
	RGB
)

// Color is a terminal colour. The zero value is the default one.
type Color struct {
	Kind    Kind
	Index   uint8
	R, G, B uint8
}

type Attr uint8

const (
	Bold Attr = 1 << iota
	Dim
	Italic
	Underline
	Reverse
	Hidden
	Strike
)

// Style is the look of a piece of text. The zero value is plain.
type Style struct {
	FG, BG Color
	Attr   Attr
}

// Span is the style of the bytes From up to, not including, To of a clean text.
type Span struct {
	From, To int
	Style    Style
}

// Parse removes the escape sequences and other control characters from s, all but the tab, and returns the styles that its colour codes
// (SGR) set. Spans are in order and do not overlap; plain text has none. A sequence that is cut off at the end is dropped.
// Every text starts plain: a caller that splits a stream into lines must repeat the codes that are in effect.
// Source: ECMA-48 §8.3.117; ISO 8613-6 for 38 and 48; hyperlinks (OSC 8) keep their text.
func Parse(s string) (text string, spans []Span) {
	at := firstControl(s, 0)
	if at == len(s) {
		return s, nil
	}
	p := parser{in: s}
	p.out.Grow(len(s))
	from := 0
	for at < len(s) {
		p.out.WriteString(s[from:at])
		from = p.control(at)
		at = firstControl(s, from)
	}
	p.out.WriteString(s[from:])
	p.close()
	return p.out.String(), p.spans
}

// Strip returns the clean text alone.
func Strip(s string) string {
	text, _ := Parse(s)
	return text
}

// firstControl returns the index of the next control character or escape sequence, or the length of s.
func firstControl(s string, from int) int {
	for i := from; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' && c != '\t', c == 0x7f:
			return i
		case c == 0xc2 && i+1 < len(s) && s[i+1] >= 0x80 && s[i+1] < 0xa0: // U+0080 to U+009F
			return i
		}
	}
	return len(s)
}

type parser struct {
	in    string
	out   strings.Builder
	spans []Span
	style Style
	start int // of the current style, in out
}

// control consumes the control character or sequence at i, and returns the index after it.
func (p *parser) control(i int) int {
	c, size := utf8.DecodeRuneInString(p.in[i:])
	next := i + size
	switch c {
	case 0x1b:
		if next == len(p.in) {
			return next
		}
		switch p.in[next] {
		case '[':
			return p.csi(next + 1)
		case ']', 'P', 'X', '^', '_':
			return p.str(next + 1)
		}
		return p.escape(next)
	case 0x9b:
		return p.csi(next)
	case 0x9d, 0x90, 0x98, 0x9e, 0x9f:
		return p.str(next)
	}
	return next
}

// escape consumes the rest of a short sequence: intermediate bytes and a final byte.
func (p *parser) escape(i int) int {
	for i < len(p.in) && p.in[i] >= 0x20 && p.in[i] <= 0x2f {
		i++
	}
	if i < len(p.in) && p.in[i] >= 0x30 && p.in[i] <= 0x7e {
		i++
	}
	return i
}

// csi consumes a control sequence after its introducer. A byte that can't belong to a sequence ends it and stays in the text.
func (p *parser) csi(i int) int {
	start := i
	for i < len(p.in) && p.in[i] >= 0x30 && p.in[i] <= 0x3f {
		i++
	}
	params := p.in[start:i]
	plain := true
	for i < len(p.in) && p.in[i] >= 0x20 && p.in[i] <= 0x2f {
		i++
		plain = false
	}
	if i == len(p.in) || p.in[i] < 0x40 || p.in[i] > 0x7e {
		return i
	}
	if p.in[i] == 'm' && plain && (params == "" || params[0] < '<') { // '<' to '?' mark private sequences
		p.sgr(params)
	}
	return i + 1
}

// str consumes a string sequence up to its terminator. If there is none it consumes the introducer alone, so that a stray byte does not
// swallow the line.
func (p *parser) str(i int) int {
	for j := i; j < len(p.in); j++ {
		switch p.in[j] {
		case 0x07:
			return j + 1
		case 0x1b:
			if j+1 < len(p.in) && p.in[j+1] == '\\' {
				return j + 2
			}
			return i
		case 0xc2:
			if j+1 < len(p.in) && p.in[j+1] == 0x9c {
				return j + 2
			}
		}
	}
	return i
}

// close ends the current style's span.
func (p *parser) close() {
	if end := p.out.Len(); p.style != (Style{}) && end > p.start {
		if k := len(p.spans) - 1; k >= 0 && p.spans[k].To == p.start && p.spans[k].Style == p.style {
			p.spans[k].To = end
		} else {
			p.spans = append(p.spans, Span{p.start, end, p.style})
		}
	}
	p.start = p.out.Len()
}
