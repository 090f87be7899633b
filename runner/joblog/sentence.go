package joblog

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// String masks a single text: a sentence, an error, the title of a window. There a secret may appear in another case,
// in another form, or quoted.
func (m *Masker) String(text string) string {
	masked, _ := m.sentence(text)
	return masked
}

func (m *Masker) sentence(text string) (masked string, places int64) {
	masked, places = m.mask(text)
	m.mu.Lock()
	quick, spellings := m.folded, m.spellings
	m.mu.Unlock()
	folded := fold(masked)
	if quick == nil || !quick.Holds(folded) {
		return masked, places
	}
	for _, s := range spellings {
		if !strings.Contains(folded, s.text) {
			continue
		}
		var more int64
		masked, more = maskFolded(masked, folded, s.text, s.whole)
		folded, places = fold(masked), places+more
	}
	return masked, places
}

// spelling is a case-folded secret, and whether it is hidden only as a whole word.
type spelling struct {
	text  string
	whole bool
}

// addSpellings adds a secret, and the way Go quotes it, case-folded.
func (m *Masker) addSpellings(value string, whole bool) {
	if len(value) > maxWhole {
		return
	}
	if m.folded == nil {
		m.folded = NewMasker()
	}
	quoted := strconv.Quote(value)
	for _, text := range []string{value, quoted[1 : len(quoted)-1]} {
		text = fold(text)
		if last := len(m.spellings) - 1; last >= 0 && m.spellings[last].text == text {
			continue
		}
		m.spellings = append(m.spellings, spelling{text, whole})
		m.folded.addOnly(text)
	}
}

// addOnly adds a text in its own form only.
func (m *Masker) addOnly(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.addPattern(pattern{text: []byte(text)})
	m.version.Add(1)
}

// Version increases with every secret that becomes known.
func (m *Masker) Version() int64 { return m.version.Load() }

// fold removes differences of case, character by character.
func fold(text string) string {
	return strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, text)
}

// maskFolded masks value in text; folded is the case-folded text.
func maskFolded(text, folded, value string, whole bool) (masked string, places int64) {
	var out strings.Builder
	rest, at := text, 0 // at is where rest begins in folded
	last := ' '
	for {
		next := strings.Index(folded[at:], value)
		if next < 0 {
			out.WriteString(rest)
			return out.String(), places
		}
		before, after := folded[at:at+next], folded[at+next+len(value):]
		plain, following := splitRunes(rest, utf8.RuneCountInString(before))
		_, following = splitRunes(following, utf8.RuneCountInString(value))
		if before != "" {
			last, _ = utf8.DecodeLastRuneInString(before)
		}
		first, _ := utf8.DecodeRuneInString(after)
		if whole && (isWordRune(last) || after != "" && isWordRune(first)) {
			out.WriteString(rest[:len(rest)-len(following)])
		} else {
			out.WriteString(plain + Mask)
			places++
		}
		last, _ = utf8.DecodeLastRuneInString(value)
		rest, at = following, at+next+len(value)
	}
}

func splitRunes(text string, n int) (head, tail string) {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return text[:at], text[at:]
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
