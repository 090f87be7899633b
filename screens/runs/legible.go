package runs

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Limits for a script's text that is shown beside Stepdeck's own: it must not push that out of the window.
const (
	sentenceRunes, sentenceLines = 500, 6
	rawRunes, rawLines           = 1200, 12 // of the error message of AWS
	copyRunes, copyLines         = 8000, 100
)

// legible shortens a script's text for a label and removes control characters. The log has the whole text.
func legible(text string, runes, lines int) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(model.SafeBlock(text), "\t", " ") {
		if r == '\n' {
			lines--
		}
		if runes--; runes < 0 || lines < 1 {
			return strings.TrimSpace(b.String()) + "…"
		}
		b.WriteRune(r)
	}
	return b.String()
}
