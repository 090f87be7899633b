package runs

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// What a script says is shown beside what Stepdeck says: it must neither push that out of the window nor turn it around.
const (
	sentenceRunes, sentenceLines = 500, 6
	wordsRunes, wordsLines       = 1200, 12 // of what AWS said, word for word
	copyRunes, copyLines         = 8000, 100
)

// legible shortens a text of a script's for a label, and takes out of it what is not to be seen. All of it stands in the log.
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
