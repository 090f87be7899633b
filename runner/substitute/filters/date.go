package filters

import (
	"math"
	"strings"
	"time"
)

// date returns the filters for dates, and Format, which is for numbers as well.
func date(name string) filter {
	switch name {
	case "nowdate":
		return now(func(t time.Time) moment { return moment{t, zoneNone} })
	case "nowdateutc":
		return now(func(t time.Time) moment { return moment{t.UTC(), zoneUTC} })
	case "addhours":
		return add(time.Hour)
	case "adddays":
		return add(24 * time.Hour)
	case "format":
		return format
	}
	return nil
}

func now(f func(time.Time) moment) filter {
	return func(c Call) (string, bool, error) {
		if c.Defined || len(c.Options) > 1 {
			return "", false, nil
		}
		spec := "O"
		if len(c.Options) == 1 {
			spec = c.Options[0]
		}
		text, ok := f(c.Now).format(spec, false)
		return text, ok, nil
	}
}

// add takes how many units of time to add.
func add(unit time.Duration) filter {
	return func(c Call) (string, bool, error) {
		if len(c.Options) != 1 {
			return "", false, nil
		}
		amount, ok := ParseNumber(c.Options[0])
		if !ok {
			return "", false, nil
		}
		m, ok := parseDate(c.Text, c.Now)
		if !ok || math.Abs(amount) > math.MaxInt64/2/float64(unit) {
			return "", false, nil
		}
		m.time = m.time.Add(time.Duration(math.Round(amount * float64(unit))))
		text, ok := m.format("O", false)
		return text, ok, nil
	}
}

// format takes a format, or a type and a format.
func format(c Call) (string, bool, error) {
	if len(c.Options) == 0 || len(c.Options) > 2 {
		return "", false, nil
	}
	spec := c.Options[len(c.Options)-1]
	if len(spec) > maxPrecision {
		return "", false, nil
	}
	if len(c.Options) == 2 {
		text, ok := formatAs(strings.ToLower(c.Options[0]), c, spec)
		return text, ok, nil
	}
	if n, isNumber := readNumber(c.Text, asDecimal); isNumber {
		text, ok := n.format(spec)
		return text, ok, nil
	}
	text, ok := formatAs("datetimeoffset", c, spec)
	return text, ok, nil
}

// formatAs formats the value as one of a type of .NET.
func formatAs(kind string, c Call, spec string) (text string, ok bool) {
	switch kind {
	case "int", "int32":
		return formatNumber(c.Text, asInteger, spec)
	case "double":
		return formatNumber(c.Text, asDouble, spec)
	case "decimal":
		return formatNumber(c.Text, asDecimal, spec)
	}
	m, ok := parseDate(c.Text, c.Now)
	if !ok {
		return "", false
	}
	switch kind {
	case "date", "datetime": // which are local times
		if m.zone != zoneNone {
			m = moment{m.time.In(c.Now.Location()), zoneOffset}
		}
		return m.format(spec, false)
	case "datetimeoffset":
		m.zone = zoneOffset
		return m.format(spec, true)
	}
	return "", false
}

func formatNumber(text string, kind numberKind, spec string) (string, bool) {
	n, ok := readNumber(text, kind)
	if !ok {
		return "", false
	}
	return n.format(spec)
}

// zone is what is known of a moment's time zone.
type zone uint8

const (
	zoneNone zone = iota
	zoneUTC
	zoneOffset
)

type moment struct {
	time time.Time
	zone zone
}

// parseDate reads a date as .NET does in the invariant culture. Without a zone it is in now's; without a date, on now's day.
func parseDate(text string, now time.Time) (m moment, ok bool) {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > len("Wednesday, 30 September 2026 12:00:00.0000000 AM +00:00") {
		return m, false
	}
	for _, clock := range [...]string{"T15:04:05", "T15:04", " 15:04:05", " 15:04", " 3:04:05 PM", " 3:04 PM", ""} {
		for _, day := range days() {
			if m, ok := parseMoment(day+clock, text, now.Location()); ok {
				return m, true
			}
		}
	}
	for _, clock := range [...]string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM"} {
		if m, ok := parseMoment(clock, text, now.Location()); ok {
			year, month, day := now.Date()
			m.time = m.time.AddDate(year-m.time.Year(), int(month)-1, day-1)
			return m, true
		}
	}
	return m, false
}

// days returns the ways to write a date, as Go's layouts.
func days() []string {
	return []string{
		"2006-1-2", "2006/1/2", "1/2/2006", "1-2-2006", "2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", "January 2 2006",
		"Monday, 2 January 2006", "Mon, 2 Jan 2006", "2-Jan-2006", "2006-1", "January 2006",
	}
}

// parseMoment reads a text by a layout, followed by a zone or none.
func parseMoment(layout, text string, local *time.Location) (m moment, ok bool) {
	if t, err := time.ParseInLocation(layout, text, local); err == nil {
		return moment{t, zoneNone}, true
	}
	for _, suffix := range [...]string{"Z", " Z", " GMT"} {
		if before, found := strings.CutSuffix(text, suffix); found {
			t, err := time.Parse(layout, before)
			return moment{t, zoneUTC}, err == nil
		}
	}
	for _, suffix := range [...]string{"-07:00", " -07:00", "-0700", " -0700"} {
		if t, err := time.Parse(layout+suffix, text); err == nil {
			_, offset := t.Zone()
			return moment{t.In(time.FixedZone("", offset)), zoneOffset}, true
		}
	}
	return m, false
}
