package ansi

import (
	"strconv"
	"strings"
)

// sgr applies the parameters of a "select graphic rendition" sequence to the style.
func (p *parser) sgr(params string) {
	p.close()
	for {
		field, rest, more := strings.Cut(params, ";")
		params = rest
		if kind, sub, ok := strings.Cut(field, ":"); ok { // 38:2::r:g:b, 38:5:n, 4:3
			p.subfields(kind, sub)
		} else {
			params, more = p.attribute(field, params, more)
		}
		if !more {
			return
		}
	}
}

// attribute applies one parameter. 38 and 48 take further ones from rest.
func (p *parser) attribute(field, rest string, more bool) (string, bool) {
	n := number(field)
	switch {
	case n == 0:
		p.style = Style{}
	case n >= 1 && n <= 9:
		p.style.Attr |= attrOn(n)
	case n >= 21 && n <= 29:
		p.style.Attr &^= attrOff(n)
	case n >= 30 && n <= 37:
		p.style.FG = index(n - 30)
	case n == 39:
		p.style.FG = Color{}
	case n >= 40 && n <= 47:
		p.style.BG = index(n - 40)
	case n == 49:
		p.style.BG = Color{}
	case n >= 90 && n <= 97:
		p.style.FG = index(n - 90 + 8)
	case n >= 100 && n <= 107:
		p.style.BG = index(n - 100 + 8)
	case n == 38 || n == 48:
		return p.extended(n, rest)
	}
	return rest, more
}

// extended parses "5;n" or "2;r;g;b".
func (p *parser) extended(which int, rest string) (string, bool) {
	var v [4]int
	count, more := 1, false
	for i := 0; i < count; i++ {
		var field string
		field, rest, more = strings.Cut(rest, ";")
		v[i] = number(field)
		if i == 0 {
			switch v[0] {
			case 5:
				count = 2
			case 2:
				count = 4
			default:
				return rest, more
			}
		}
		if !more && i+1 < count {
			return rest, false // cut short: no colour
		}
	}
	p.setExtended(which, v[0], v[1:count])
	return rest, more
}

// subfields parses the form with colons. Between the 2 and the red there may be the number of a colour space.
func (p *parser) subfields(kind, sub string) {
	which := number(kind)
	if which == 4 { // 4:0 none, 4:1 to 4:5 kinds of underline
		p.style.Attr &^= Underline
		if number(sub) != 0 {
			p.style.Attr |= Underline
		}
		return
	}
	fields := strings.SplitN(sub, ":", 8)
	mode := number(fields[0])
	var v []int
	for _, f := range fields[1:] {
		v = append(v, number(f))
	}
	if mode == 2 && len(v) > 3 {
		v = v[1:4]
	}
	if which == 38 || which == 48 {
		p.setExtended(which, mode, v)
	}
}

func (p *parser) setExtended(which, mode int, v []int) {
	var c Color
	for _, n := range v {
		if n < 0 || n > 255 {
			return
		}
	}
	switch {
	case mode == 5 && len(v) == 1:
		c = index(v[0])
	case mode == 2 && len(v) == 3:
		c = Color{Kind: RGB, R: uint8(v[0]), G: uint8(v[1]), B: uint8(v[2])} //nolint:gosec // checked above
	default:
		return
	}
	if which == 38 {
		p.style.FG = c
	} else {
		p.style.BG = c
	}
}

func index(n int) Color { return Color{Kind: Indexed, Index: uint8(n)} } //nolint:gosec // callers pass 0 to 255

// number parses a parameter. An empty one is 0; one that is not a number, or too large to mean anything, is -1.
func number(s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return -1
	}
	return int(n)
}

func attrOn(n int) Attr {
	return [...]Attr{1: Bold, 2: Dim, 3: Italic, 4: Underline, 7: Reverse, 8: Hidden, 9: Strike}[n]
}

func attrOff(n int) Attr {
	return [...]Attr{21: Underline, 22: Bold | Dim, 23: Italic, 24: Underline, 27: Reverse, 28: Hidden, 29: Strike}[n]
}
