package model

import (
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads 90, 90s, 10m, 1h30m; a number alone counts units. Empty is nothing.
func ParseDuration(text string, unit time.Duration) (time.Duration, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	if text == "" {
		return 0, nil
	}
	if n, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(n) * unit, nil
	}
	d, err := time.ParseDuration(strings.ToLower(text))
	if err != nil {
		return 0, NewError("duration.form", "%q is not a length of time. Use one such as 90s, 10m or 1h30m.", text)
	}
	return d, nil
}

// LocalTime returns a moment in this computer's time zone, as people read it in a sentence. Records have UTC.
func LocalTime(t time.Time) string { return t.Local().Format(time.DateTime) }

// TimeWords returns a length of time as people say it in a sentence, to the second: 1 minute, 15 minutes, 1 hour 30 minutes.
func TimeWords(d time.Duration) string {
	if d > 0 && d < time.Second/2 {
		return "less than a second"
	}
	seconds := max(0, int64(d.Round(time.Second)/time.Second))
	var parts []string
	add := func(n int64, one, many string) {
		if n > 0 {
			parts = append(parts, Count(n, one, many))
		}
	}
	add(seconds/3600, "hour", "hours")
	add(seconds/60%60, "minute", "minutes")
	if add(seconds%60, "second", "seconds"); len(parts) == 0 {
		return "0 seconds"
	}
	return strings.Join(parts, " ")
}

// FormatDuration writes a length of time as ParseDuration reads it, without parts that are zero: 10m for 10m0s. No time at
// all is no text.
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
