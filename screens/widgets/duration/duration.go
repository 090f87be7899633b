// Package duration words lengths of time in the window's language.
package duration

import (
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// Words returns a length of time to the second, such as "1 minute", "15 minutes" or "1 hour 30 minutes"; "0 seconds" for none.
func Words(d time.Duration) string {
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
