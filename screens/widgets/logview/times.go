package logview

import (
	"fmt"
	"time"
)

// Times is what the time column shows.
type Times uint8

const (
	NoTimes Times = iota
	Clock         // the time of day
	Elapsed       // since the start
	Delta         // since the line before
)

// width returns the width of the column in cells.
func (t Times) width() int {
	switch t {
	case Clock, Elapsed:
		return 12
	case Delta:
		return 10
	}
	return 0
}

func (t Times) format(at, prior, start time.Time, loc *time.Location) string {
	if at.IsZero() {
		return ""
	}
	if loc == nil {
		loc = time.Local
	}
	switch t {
	case Clock:
		return at.In(loc).Format("15:04:05.000")
	case Elapsed:
		if start.IsZero() {
			return ""
		}
		return span(at.Sub(start))
	case Delta:
		if prior.IsZero() {
			return ""
		}
		return "+" + span(at.Sub(prior))
	}
	return ""
}

// span formats a duration with milliseconds, and with minutes and hours if it is that long. A negative one, of a clock that was set back,
// becomes 0.
func span(d time.Duration) string {
	d = max(0, d.Round(time.Millisecond))
	h, m, s, ms := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Milliseconds()%1000
	switch {
	case h > 0:
		return fmt.Sprintf("%d:%02d:%02d.%03d", h, m, s, ms)
	case m > 0:
		return fmt.Sprintf("%d:%02d.%03d", m, s, ms)
	}
	return fmt.Sprintf("%d.%03d", s, ms)
}
