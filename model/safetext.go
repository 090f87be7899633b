package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Untrusted text (names in files, what AWS and scripts say) is shown beside Stepdeck's own, on terminals and in labels.
// These functions keep it from moving the cursor, from reversing the text around it, and from looking like something
// else: characters that [IsHidden] reports, and bytes that are not UTF-8, become U+FFFD, so that one sees that
// something was there. Safe text is returned unchanged.

// IsHidden reports whether r is invisible or has an invisible effect: control characters including C1, characters that
// change the direction of text, line and paragraph separators, and characters without a glyph. The two joiners (U+200C,
// U+200D) are not hidden: some scripts and emoji need them. Neither are variation selectors, which belong to the
// character before them.
func IsHidden(r rune) bool {
	if r >= 0 && r < 0x7F { // most of all text: no table is looked up
		return r < ' '
	}
	switch {
	case r == 0x200C || r == 0x200D, unicode.Is(unicode.Prepended_Concatenation_Mark, r): // the latter have a glyph
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// SafeLine makes text safe as part of one line: line endings and tabs become spaces.
func SafeLine(text string) string {
	return safe(text, func(r rune) rune {
		switch r {
		case '\n', '\r', '\t', '\v', '\f', 0x85, 0x2028, 0x2029:
			return ' '
		}
		return unicode.ReplacementChar
	})
}

// SafeBlock makes text of several lines safe. Line endings and tabs stay; CR LF becomes LF.
func SafeBlock(text string) string {
	return safe(strings.ReplaceAll(text, "\r\n", "\n"), func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return unicode.ReplacementChar
	})
}

// SafeQuote returns text made safe, in quotes, and cut if it is longer than most bytes. Line endings become U+FFFD: it
// is meant for names, which have none.
func SafeQuote(text string, most int) string {
	line, more := safe(text, func(rune) rune { return unicode.ReplacementChar }), ""
	if len(line) > most {
		line, more = SafeCut(line, most), "…"
	}
	return `"` + line + `"` + more
}

// SafeCut returns at most the first most bytes of text, without cutting a character.
func SafeCut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// safe replaces each hidden character by the result of replace.
func safe(text string, replace func(rune) rune) string {
	if isSafe(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if IsHidden(r) {
			return replace(r)
		}
		return r // strings.Map returns U+FFFD for each invalid byte
	}, text)
}

func isSafe(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, IsHidden)
}
