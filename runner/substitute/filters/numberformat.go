package filters

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// numberKind is the type of .NET that a number has.
type numberKind uint8

const (
	asDecimal numberKind = iota
	asInteger
	asDouble
)

// maxPrecision is how many digits a format may ask for.
const maxPrecision = 1000

// dotnetNumber is a number with its type.
type dotnetNumber struct {
	decimal
	kind   numberKind
	double float64
}

// readNumber reads a number of a type; ok is false if it is none.
func readNumber(text string, kind numberKind) (n dotnetNumber, ok bool) {
	n.kind = kind
	switch kind {
	case asInteger:
		i, isNumber := integer(text)
		if !isNumber {
			return n, false
		}
		n.decimal, ok = parseDecimal(strconv.Itoa(i), false)
		return n, ok
	case asDouble:
		if n.decimal, ok = parseDecimal(text, true); !ok || n.exponent > math.MaxInt16 {
			return n, false
		}
		f, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", ""), 64)
		if err != nil {
			return n, false
		}
		n.double, n.decimal = f, fromFloat(f)
		n.even = true
		return n, true
	}
	const largest, places = "79228162514264337593543950335", 28
	n.decimal, ok = parseDecimal(text, false)
	n.decimal = n.rounded(places)
	n.scale = min(n.scale, places)
	return n, ok && (n.exponent < len(largest) || n.exponent == len(largest) && n.digits <= largest)
}

// format writes the number by a format of .NET; ok is false if the format isn't one for its type.
func (n dotnetNumber) format(spec string) (text string, ok bool) {
	letter, precision, standard := standardFormat(spec)
	if !standard {
		return n.custom(spec), true
	}
	if precision > maxPrecision {
		return "", false
	}
	return n.standard(letter, precision)
}

// standardFormat splits a format such as N2; precision is -1 if none is given.
func standardFormat(spec string) (letter byte, precision int, ok bool) {
	if spec == "" {
		return 'G', -1, true
	}
	isLetter := spec[0] >= 'a' && spec[0] <= 'z' || spec[0] >= 'A' && spec[0] <= 'Z'
	if !isLetter || len(spec) > 10 || strings.Trim(spec[1:], "0123456789") != "" {
		return 0, 0, false
	}
	if len(spec) == 1 {
		return spec[0], -1, true
	}
	precision, err := strconv.Atoi(spec[1:])
	return spec[0], precision, err == nil
}

func (n dotnetNumber) standard(letter byte, precision int) (text string, ok bool) {
	places := precision
	if places < 0 {
		places = 2
	}
	switch letter {
	case 'F', 'f':
		return n.signed(n.fixed(places, false), "-", ""), true
	case 'N', 'n':
		return n.signed(n.fixed(places, true), "-", ""), true
	case 'P', 'p':
		percent := n
		percent.decimal = n.shifted(2)
		return percent.signed(percent.fixed(places, true), "-", "") + " %", true
	case 'C', 'c':
		return n.signed("¤"+n.fixed(places, true), "(", ")"), true
	case 'E', 'e':
		if precision < 0 {
			precision = 6
		}
		return n.signed(n.scientific(letter, precision, 3), "-", ""), true
	case 'G', 'g':
		return n.general(letter, precision), true
	case 'R', 'r':
		return n.general('G', -1), true
	}
	return n.integral(letter, precision)
}

// integral writes the formats that are for integers alone.
func (n dotnetNumber) integral(letter byte, precision int) (text string, ok bool) {
	if n.kind != asInteger {
		return "", false
	}
	whole, _ := n.parts()
	if whole == "" {
		whole = "0"
	}
	i, err := strconv.ParseInt(n.signed(whole, "-", ""), 10, 32)
	if err != nil {
		return "", false
	}
	width := max(precision, 0)
	switch letter {
	case 'D', 'd':
		return n.signed(strings.Repeat("0", max(width-len(whole), 0))+whole, "-", ""), true
	case 'X':
		return fmt.Sprintf("%0*X", width, uint32(i)), true //nolint:gosec // two's complement is what is asked for
	case 'x':
		return fmt.Sprintf("%0*x", width, uint32(i)), true //nolint:gosec // two's complement is what is asked for
	case 'B', 'b':
		return fmt.Sprintf("%0*b", width, uint32(i)), true //nolint:gosec // two's complement is what is asked for
	}
	return "", false
}

// signed puts what a negative number has around it; a number that is zero as written has nothing, unless it is a Double.
func (n dotnetNumber) signed(text, before, after string) string {
	if !n.negative || n.digits == "" || n.kind != asDouble && strings.Trim(text, "0.,¤") == "" {
		return text
	}
	return before + text + after
}

// scientific writes the number as 1.200E+001; the exponent has at least so many digits.
func (n dotnetNumber) scientific(letter byte, places, width int) string {
	d := n.significant(places + 1)
	digits := d.digits + strings.Repeat("0", places+1-len(d.digits))
	exponent := d.exponent - 1
	if d.digits == "" {
		exponent = 0
	}
	text := digits[:1]
	if places > 0 {
		text += "." + digits[1:]
	}
	return fmt.Sprintf("%s%c%s%0*d", text, letter, signOf(exponent), width, abs(exponent))
}

func signOf(n int) string {
	if n < 0 {
		return "-"
	}
	return "+"
}

func abs(n int) int { return max(n, -n) }

// general writes the number in the shorter of two ways.
func (n dotnetNumber) general(letter byte, precision int) string {
	if letter == 'G' {
		letter = 'E'
	} else {
		letter = 'e'
	}
	if precision == 0 && n.kind == asDecimal {
		precision = 29 // all that it can have
	}
	if precision > 0 {
		d := n
		d.decimal = n.significant(precision)
		if d.digits != "" && (d.exponent > precision || d.exponent < -4) {
			return d.signed(d.scientific(letter, max(len(d.digits), 1)-1, 2), "-", "")
		}
		_, fraction := d.parts()
		return d.signed(d.fixed(len(fraction), false), "-", "")
	}
	if n.kind == asDouble {
		return strings.ReplaceAll(Number(n.double), "E", string(letter))
	}
	return n.signed(n.fixed(n.scale, false), "-", "")
}

// Number writes a number as .NET does without a format.
func Number(f float64) string {
	// Exponents are written from 15 digits on. Source: Double.ToString, general format.
	if f != 0 && (math.Abs(f) >= 1e15 || math.Abs(f) < 1e-5) {
		return strconv.FormatFloat(f, 'E', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// ParseNumber reads a number as .NET does a Double.
func ParseNumber(text string) (float64, bool) {
	n, ok := readNumber(text, asDouble)
	return n.double, ok && !math.IsInf(n.double, 0)
}
