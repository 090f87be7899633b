package runs

import (
	"strings"
	"unicode"
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
	for _, r := range text {
		if r == '\n' {
			lines--
		}
		if runes--; runes < 0 || lines < 1 {
			return strings.TrimSpace(b.String()) + "…"
		}
		switch {
		case r == '\n':
		case r == '\t':
			r = ' '
		case unicode.IsControl(r), turns(r), unicode.In(r, unicode.Zl, unicode.Zp):
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

// turns tells the characters that change the direction of what follows; labels obey them.
func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }
