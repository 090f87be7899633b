package runs

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
)

// looksBack is the number of earlier runs that the usual duration is computed from.
const looksBack = 200

// About formats a duration roughly: 45 s, 41 min, 2 h 10 min.
func About(d time.Duration) string {
	switch {
	case d < time.Second:
		return lang.L("1 s")
	case d < 90*time.Second:
		return lang.L("{{.N}} s", map[string]any{"N": int(d.Round(time.Second).Seconds())})
	case d < 90*time.Minute:
		return lang.L("{{.N}} min", map[string]any{"N": int(d.Round(time.Minute).Minutes())})
	}
	minutes := int(d.Round(10 * time.Minute).Minutes())
	if minutes%60 == 0 {
		return lang.L("{{.N}} h", map[string]any{"N": minutes / 60})
	}
	return lang.L("{{.H}} h {{.M}} min", map[string]any{"H": minutes / 60, "M": minutes % 60})
}

// span formats a usual duration: 45 s, or 38 min to 44 min if the slow runs take longer.
func span(u model.Usual) string {
	low, high := About(u.Median), About(u.P90)
	if low == high {
		return low
	}
	return lang.L("{{.Low}} to {{.High}}", map[string]any{"Low": low, "High": high})
}
