package archive

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Old archives have names in the code page of the computer that made them, without saying which. The most plausible one
// is used.

// legacyPage chooses the code page for names that are not UTF-8, considering all names of an archive together. A tie
// goes to otherwise.
func legacyPage(names []string, otherwise *charmap.Charmap) *charmap.Charmap {
	dos, windows := 0, 0
	for _, name := range names {
		dos += legibility(decodeWith(charmap.CodePage437, name))
		windows += legibility(decodeWith(charmap.Windows1252, name))
	}
	switch {
	case dos > windows:
		return charmap.CodePage437
	case windows > dos:
		return charmap.Windows1252
	default:
		return otherwise
	}
}

func decodeWith(page *charmap.Charmap, name string) string {
	var b strings.Builder
	b.Grow(len(name) + len(name)/2)
	for i := range len(name) {
		b.WriteRune(page.DecodeByte(name[i]))
	}
	return b.String()
}

// legibility is high for text that a person would write: letters inside words, in the case of their neighbours.
func legibility(text string) int {
	runes := []rune(text)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	score := 0
	for i, r := range runes {
		if r < utf8.RuneSelf {
			continue
		}
		before, after := at(i-1), at(i+1)
		switch {
		case r == utf8.RuneError || unicode.IsControl(r):
			score -= 10
		case r == 'ß' && !isVowel(before):
			score -= 2
		case !unicode.Is(unicode.Latin, r) || r == 'ª' || r == 'º' || r == 'ƒ' || r == 'ⁿ':
			score -= oddity(r)
		case !unicode.IsLetter(before) && !unicode.IsLetter(after):
			score += loneLetter(r)
		case unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsLower(after) && unicode.IsLetter(before)):
			score -= 1 // a capital inside a word
		case isVowel(before) && isVowel(r):
			score += 2
		default:
			score += 3
		}
	}
	return score
}

func isVowel(r rune) bool {
	return strings.ContainsRune("aeiouyAEIOUYáàâäéèêëíìîïóòôöúùûüýÿ", r)
}

// oddity is 0 for characters that are usual in names, such as quotes and dashes, and 2 for boxes, blocks, formulas and
// Greek between Latin letters.
func oddity(r rune) int {
	if strings.ContainsRune("‘’“”–—…€§°®©™¿¡ªº·\u00a0", r) {
		return 0
	}
	return 2
}

// loneLetter is positive for letters that are words of their own.
func loneLetter(r rune) int {
	if strings.ContainsRune("àáèéòóôöåæøÀÁÈÉÒÓÔÖÅÆØ", r) {
		return 1
	}
	return -1
}
