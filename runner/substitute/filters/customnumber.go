package filters

import (
	"fmt"
	"strings"
)

// numberSection is a part of a custom number format such as #,##0.00;(0).
type numberSection struct {
	pieces     []numberPiece
	whole      int // places before the point
	minWhole   int // of which so many show a zero
	fraction   int // places after the point
	minFrac    int // of which so many show a zero
	group      bool
	shift      int  // power of ten to multiply by: %, ‰, and commas that divide
	scientific bool // it has an exponent
}

// numberPiece is a place for a digit, the point, an exponent, or text.
type numberPiece struct {
	kind  byte // '0' for a place, '.', 'E', or 't' for text
	text  string
	width int // digits of the exponent
}

// custom writes the number by a format of places: 0 and # for digits.
func (n dotnetNumber) custom(spec string) string {
	sections := splitSections(spec)
	section := func(i int) (numberSection, bool) {
		if i < len(sections) && sections[i] != "" {
			return parseSection(sections[i]), true
		}
		return parseSection(sections[0]), false
	}
	d := n.decimal
	if n.kind == asDouble { // which has 15 digits here
		d = d.significant(15)
		d.even = false
	}
	s, own := section(0)
	if d.negative {
		s, own = section(1)
	}
	text, zero := s.write(d)
	if zero {
		if s, _ = section(2); len(sections) > 1 {
			own = true
		}
		text, _ = s.write(d)
	}
	if d.negative && !own && (!zero || n.kind == asDouble && d.digits != "") {
		text = "-" + text
	}
	return text
}

// splitSections splits a format at each ; that is not quoted.
func splitSections(spec string) []string {
	var list []string
	from := 0
	for at := 0; at < len(spec); at++ {
		switch spec[at] {
		case '\\':
			at++
		case '\'', '"':
			if end := strings.IndexByte(spec[at+1:], spec[at]); end >= 0 {
				at += end + 1
			}
		case ';':
			list = append(list, spec[from:at])
			from = at + 1
		}
	}
	return append(list, spec[from:])
}

func parseSection(spec string) (s numberSection) {
	point, commas := false, 0
	for at := 0; at < len(spec); {
		piece, length := s.piece(spec[at:])
		switch piece.kind {
		case '0':
			s.place(spec[at] == '0', point)
			s.group = s.group || commas > 0 && !point
			commas = 0
		case ',':
			if s.whole > 0 && !point {
				commas++
			}
		case '.':
			s.shift -= 3 * commas
			commas = 0
			if point {
				piece.kind = ',' // only the first counts
			}
			point = true
		case 'E':
			s.scientific = true
		}
		if piece.kind != ',' {
			s.pieces = append(s.pieces, piece)
		}
		at += length
	}
	if !point {
		s.shift -= 3 * commas
	}
	return s
}

// place counts a place for a digit.
func (s *numberSection) place(zero, afterPoint bool) {
	switch {
	case afterPoint:
		if s.fraction++; zero {
			s.minFrac = s.fraction
		}
	default:
		s.whole++
		if zero || s.minWhole > 0 {
			s.minWhole++
		}
	}
}

// piece reads the piece at the beginning of a format.
func (s *numberSection) piece(spec string) (p numberPiece, length int) {
	switch c := spec[0]; c {
	case '0', '#':
		return numberPiece{kind: '0'}, 1
	case '.', ',':
		return numberPiece{kind: c}, 1
	case '%':
		s.shift += 2
	case '\\':
		if len(spec) > 1 {
			return numberPiece{kind: 't', text: spec[1:2]}, 2
		}
	case '\'', '"':
		if end := strings.IndexByte(spec[1:], c); end >= 0 {
			return numberPiece{kind: 't', text: spec[1 : 1+end]}, end + 2
		}
		return numberPiece{kind: 't', text: spec[1:]}, len(spec)
	case 'E', 'e':
		if sign, width := exponentFormat(spec[1:]); width > 0 {
			return numberPiece{kind: 'E', text: spec[:1] + sign, width: width}, 1 + len(sign) + width
		}
	}
	if strings.HasPrefix(spec, "‰") {
		s.shift += 3
		return numberPiece{kind: 't', text: "‰"}, len("‰")
	}
	return numberPiece{kind: 't', text: spec[:1]}, 1
}

// exponentFormat reads what follows the E: a sign and zeros.
func exponentFormat(spec string) (sign string, width int) {
	if spec != "" && isSign(spec[0]) {
		sign = spec[:1]
	}
	zeros := spec[len(sign):]
	return sign, len(zeros) - len(strings.TrimLeft(zeros, "0"))
}

// write writes the number without its sign. zero reports whether nothing but zero is left of it.
func (s numberSection) write(d decimal) (text string, zero bool) {
	d = d.shifted(s.shift)
	exponent := 0
	if s.scientific {
		if d.digits != "" {
			exponent = d.exponent - s.whole
		}
		if r := d.significant(s.whole + s.fraction); r.exponent > d.exponent {
			exponent++
		}
		d = d.shifted(-exponent)
	}
	d = d.rounded(s.fraction)
	whole, fraction := d.parts()
	if s.scientific {
		s.minWhole = s.whole
	}
	whole = strings.Repeat("0", max(s.minWhole-len(whole), 0)) + whole
	fraction += strings.Repeat("0", max(s.minFrac-len(fraction), 0))
	return s.fill(whole, fraction, exponent), d.digits == ""
}

// fill puts the digits at their places.
func (s numberSection) fill(whole, fraction string, exponent int) string {
	var out strings.Builder
	left, point := s.whole, false
	for _, p := range s.pieces {
		switch {
		case p.kind == 't':
			out.WriteString(p.text)
		case p.kind == 'E':
			out.WriteString(writeExponent(p, exponent))
		case p.kind == '.':
			if point = true; s.whole == 0 {
				s.digits(&out, whole, 0)
			}
			if fraction != "" {
				out.WriteByte('.')
			}
		case point && fraction != "":
			out.WriteByte(fraction[0])
			fraction = fraction[1:]
		case !point:
			// The first place takes all digits that have no place of their own.
			count := len(whole) - (left - 1)
			if left--; count > 0 {
				s.digits(&out, whole[:count], left)
				whole = whole[count:]
			}
		}
	}
	return out.String()
}

// digits writes digits before the point, of which so many others follow.
func (s numberSection) digits(out *strings.Builder, digits string, others int) {
	for i := range len(digits) {
		out.WriteByte(digits[i])
		if after := len(digits) - 1 - i + others; s.group && after > 0 && after%3 == 0 {
			out.WriteByte(',')
		}
	}
}

func writeExponent(p numberPiece, exponent int) string {
	sign := ""
	if exponent < 0 || strings.HasSuffix(p.text, "+") {
		sign = signOf(exponent)
	}
	return fmt.Sprintf("%s%s%0*d", p.text[:1], sign, min(p.width, maxPrecision), abs(exponent))
}
