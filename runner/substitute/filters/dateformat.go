package filters

import (
	"fmt"
	"strings"
	"time"
)

// format writes the moment by a format of .NET; ok is false if it isn't one. withOffset is true for a DateTimeOffset.
func (m moment) format(spec string, withOffset bool) (text string, ok bool) {
	if len(spec) > maxPrecision || m.time.Year() < 1 || m.time.Year() > 9999 {
		return "", false
	}
	if len(spec) > 1 {
		return m.custom(spec)
	}
	if spec == "" {
		spec = "G"
		if withOffset {
			return m.custom("MM/dd/yyyy HH:mm:ss zzz")
		}
	}
	custom, universal, ok := standardDate(spec[0])
	if !ok || universal && spec == "U" && withOffset {
		return "", false
	}
	if universal && (withOffset || spec == "U") {
		m = moment{m.time.UTC(), zoneUTC}
	}
	return m.custom(custom)
}

// standardDate returns what a format of one letter stands for in the invariant culture. universal is true for those that are
// in UTC.
func standardDate(letter byte) (custom string, universal, ok bool) {
	switch letter {
	case 'd':
		return "MM/dd/yyyy", false, true
	case 'D':
		return "dddd, dd MMMM yyyy", false, true
	case 'f':
		return "dddd, dd MMMM yyyy HH:mm", false, true
	case 'F':
		return "dddd, dd MMMM yyyy HH:mm:ss", false, true
	case 'g':
		return "MM/dd/yyyy HH:mm", false, true
	case 'G':
		return "MM/dd/yyyy HH:mm:ss", false, true
	case 'm', 'M':
		return "MMMM dd", false, true
	case 'o', 'O':
		return "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK", false, true
	case 'r', 'R':
		return "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'", true, true
	case 's':
		return "yyyy'-'MM'-'dd'T'HH':'mm':'ss", false, true
	case 't':
		return "HH:mm", false, true
	case 'T':
		return "HH:mm:ss", false, true
	case 'u':
		return "yyyy'-'MM'-'dd HH':'mm':'ss'Z'", true, true
	case 'U':
		return "dddd, dd MMMM yyyy HH:mm:ss", true, true
	case 'y', 'Y':
		return "yyyy MMMM", false, true
	}
	return "", false, false
}

// custom writes the moment by a format of several letters.
func (m moment) custom(spec string) (text string, ok bool) {
	var out strings.Builder
	for spec != "" {
		c := spec[0]
		length := len(spec) - len(strings.TrimLeft(spec, spec[:1]))
		switch {
		case c == '\\':
			if len(spec) < 2 {
				return "", false
			}
			out.WriteString(spec[1:2])
			length = 2
		case c == '\'' || c == '"':
			end := strings.IndexByte(spec[1:], c)
			if end < 0 {
				return "", false
			}
			out.WriteString(spec[1 : 1+end])
			length = end + 2
		case c == '%':
			if length != 1 || len(spec) == 1 {
				return "", false
			}
		case c == 'f' || c == 'F':
			if length > 7 {
				return "", false
			}
			m.writeFraction(&out, c, length)
		case c >= 0x80 || strings.IndexByte("dghHKmMstyz", c) < 0:
			out.WriteString(spec[:1])
			length = 1
		default:
			out.WriteString(m.part(c, length))
		}
		spec = spec[length:]
	}
	return out.String(), true
}

// part writes a part of the date or of the time: a letter that is there so many times.
func (m moment) part(letter byte, length int) string {
	switch letter {
	case 'd':
		return dayPart(m.time, length)
	case 'M':
		return monthPart(m.time, length)
	case 'y':
		return yearPart(m.time, length)
	case 'g':
		return "A.D."
	case 'h':
		return twoDigits((m.time.Hour()+11)%12+1, length)
	case 'H':
		return twoDigits(m.time.Hour(), length)
	case 'm':
		return twoDigits(m.time.Minute(), length)
	case 's':
		return twoDigits(m.time.Second(), length)
	case 't':
		return m.time.Format("PM")[:min(length, 2)]
	case 'z':
		return offsetPart(m.time, length)
	}
	return strings.Repeat(m.kind(), length) // K
}

// kind writes the zone as far as it is known.
func (m moment) kind() string {
	switch m.zone {
	case zoneUTC:
		return "Z"
	case zoneOffset:
		return offsetPart(m.time, 3)
	}
	return ""
}

func twoDigits(n, length int) string { return fmt.Sprintf("%0*d", min(length, 2), n) }

func dayPart(t time.Time, length int) string {
	switch {
	case length <= 2:
		return twoDigits(t.Day(), length)
	case length == 3:
		return t.Format("Mon")
	}
	return t.Format("Monday")
}

func monthPart(t time.Time, length int) string {
	switch {
	case length <= 2:
		return twoDigits(int(t.Month()), length)
	case length == 3:
		return t.Format("Jan")
	}
	return t.Format("January")
}

func yearPart(t time.Time, length int) string {
	if length <= 2 {
		return twoDigits(t.Year()%100, length)
	}
	return fmt.Sprintf("%0*d", length, t.Year())
}

func offsetPart(t time.Time, length int) string {
	_, seconds := t.Zone()
	minutes := abs(seconds / 60)
	sign := signOf(seconds)
	if length <= 2 {
		return fmt.Sprintf("%s%0*d", sign, length, minutes/60)
	}
	return fmt.Sprintf("%s%02d:%02d", sign, minutes/60, minutes%60)
}

// writeFraction writes the fraction of the second: with f all digits; with F without zeros at its end, and without the point
// before it if nothing is left.
func (m moment) writeFraction(out *strings.Builder, letter byte, length int) {
	digits := fmt.Sprintf("%09d", m.time.Nanosecond())[:length]
	if letter == 'F' {
		if digits = strings.TrimRight(digits, "0"); digits == "" && strings.HasSuffix(out.String(), ".") {
			text := strings.TrimSuffix(out.String(), ".")
			out.Reset()
			out.WriteString(text)
		}
	}
	out.WriteString(digits)
}
