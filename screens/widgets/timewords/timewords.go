// Package timewords words lengths of time in the window's language.
package timewords

import (
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// Of returns a length of time to the second, such as "1 minute", "15 minutes" or "1 hour 30 minutes"; "0 seconds" for none.
func Of(d time.Duration) string {
	if d > 0 && d < time.Second/2 {
		return lang.L("less than a second")
	}
	seconds := max(0, int(d.Round(time.Second)/time.Second))
	var parts []string
	if n := seconds / 3600; n > 0 {
		parts = append(parts, plural.N("{{.Count}} hour", "{{.Count}} hours", n))
	}
	if n := seconds / 60 % 60; n > 0 {
		parts = append(parts, plural.N("{{.Count}} minute", "{{.Count}} minutes", n))
	}
	if n := seconds % 60; n > 0 || len(parts) == 0 {
		parts = append(parts, plural.N("{{.Count}} second", "{{.Count}} seconds", n))
	}
	return strings.Join(parts, " ")
}
