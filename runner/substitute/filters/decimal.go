package filters

import (
	"strconv"
	"strings"
)

// decimal is a number as its digits: 0.digits × 10^exponent. The first digit is not 0; zero has none.
type decimal struct {
	negative bool
	digits   string
	exponent int
	scale    int  // digits that were written after the point
	even     bool // a half is rounded to the even neighbour, not away from zero
}

// parseDecimal reads a number as .NET does in the invariant culture: with a sign before or after it, with commas between the
// digits before the point, and with an exponent if that is allowed.
func parseDecimal(text string, exponents bool) (d decimal, ok bool) {
	text = strings.TrimSpace(text)
	text, d.negative, ok = sign(text)
	if !ok {
		return d, false
	}
	if exponents {
		if at := strings.IndexAny(text, "eE"); at >= 0 {
			n, err := strconv.ParseInt(text[at+1:], 10, 16)
			if err != nil {
				return d, false
			}
			d.exponent, text = int(n), text[:at]
		}
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if strings.HasPrefix(whole, ",") {
		return d, false
	}
	whole = strings.ReplaceAll(whole, ",", "")
	if whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return d, false
	}
	d.scale = len(fraction)
	d.exponent += len(whole)
	return d.trimmed(whole + fraction), true
}

// sign takes the sign from a number.
func sign(text string) (rest string, negative, ok bool) {
	before := text != "" && isSign(text[0])
	after := len(text) > 1 && isSign(text[len(text)-1])
	switch {
	case before && after:
		return "", false, false
	case before:
		return strings.TrimSpace(text[1:]), text[0] == '-', true
	case after:
		return strings.TrimSpace(text[:len(text)-1]), text[len(text)-1] == '-', true
	}
	return text, false, true
}

func isSign(c byte) bool { return c == '+' || c == '-' }

// trimmed returns d with digits, without zeros before and after them.
func (d decimal) trimmed(digits string) decimal {
	d.digits = strings.TrimLeft(digits, "0")
	d.exponent -= len(digits) - len(d.digits)
	if d.digits = strings.TrimRight(d.digits, "0"); d.digits == "" {
		d.exponent = 0
	}
	return d
}

// fromFloat returns the exact value of f, which is finite.
func fromFloat(f float64) decimal {
	const exact = 800 // a float64 never has more digits
	text := strconv.FormatFloat(f, 'e', exact, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	n, _ := strconv.Atoi(exponent)
	d := decimal{negative: strings.HasPrefix(mantissa, "-"), exponent: n + 1}
	return d.trimmed(strings.ReplaceAll(strings.TrimPrefix(mantissa, "-"), ".", ""))
}

// rounded returns d with so many digits after the point.
func (d decimal) rounded(places int) decimal { return d.significant(d.exponent + places) }

// significant returns d with its first n digits.
func (d decimal) significant(n int) decimal {
	switch {
	case n >= len(d.digits):
		return d
	case n < 0:
		return decimal{negative: d.negative}
	}
	up := d.digits[n] >= '5'
	if half := d.digits[n:] == "5"; half && d.even {
		up = n > 0 && d.digits[n-1]%2 == 1
	}
	digits := []byte("0" + d.digits[:n])
	for i := len(digits) - 1; up; i-- {
		if up = digits[i] == '9'; up {
			digits[i] = '0'
		} else {
			digits[i]++
		}
	}
	d.exponent++
	return d.trimmed(string(digits))
}

// shifted returns d × 10^n.
func (d decimal) shifted(n int) decimal {
	if d.digits != "" {
		d.exponent += n
	}
	return d
}

// parts returns the digits before the point, without zeros at their beginning, and those after it.
func (d decimal) parts() (whole, fraction string) {
	switch {
	case d.exponent <= 0:
		return "", strings.Repeat("0", -d.exponent) + d.digits
	case d.exponent >= len(d.digits):
		return d.digits + strings.Repeat("0", d.exponent-len(d.digits)), ""
	}
	return d.digits[:d.exponent], d.digits[d.exponent:]
}

// fixed writes d without a sign, with exactly so many digits after the point.
func (d decimal) fixed(places int, group bool) string {
	whole, fraction := d.rounded(places).parts()
	if whole == "" {
		whole = "0"
	}
	if group {
		whole = grouped(whole)
	}
	if places == 0 {
		return whole
	}
	return whole + "." + fraction + strings.Repeat("0", places-len(fraction))
}

// grouped writes a comma before each three digits.
func grouped(digits string) string {
	var out strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteByte(digits[i])
	}
	return out.String()
}
