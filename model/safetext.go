package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text of strangers (names in files, what AWS and scripts say) is shown beside Stepdeck's own, on terminals and in labels.
// These functions keep it from moving the cursor, from turning the text around it, and from looking like something else:
// whatever IsHidden names, and bytes that are no UTF-8, become U+FFFD, so that one sees that something was there. Text
// that is safe stays as it is.

// IsHidden reports whether nobody sees r, or what it does: control characters, C1 among them, those that change the
// direction of text, line and paragraph separators, and those without a shape. The two joiners (U+200C, U+200D) are none
// of them: some scripts and emoji are not right without. Neither are selectors of a variant, which belong to the character
// before them.
func IsHidden(r rune) bool {
	switch {
	case r == 0x200C || r == 0x200D, unicode.Is(unicode.Prepended_Concatenation_Mark, r): // the latter have a shape
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// SafeLine makes text safe as a part of one line: what ends a line and tabs become blanks.
func SafeLine(text string) string {
	return safe(text, func(r rune) rune {
		switch r {
		case '\n', '\r', '\t', '\v', '\f', 0x85, 0x2028, 0x2029:
			return ' '
		}
		return unicode.ReplacementChar
	})
}

// SafeBlock makes text of several lines safe. Line ends and tabs stay; CR LF becomes LF.
func SafeBlock(text string) string {
	return safe(strings.ReplaceAll(text, "\r\n", "\n"), func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return unicode.ReplacementChar
	})
}

// SafeQuote makes text safe in quotes, cut where it has more than most bytes. A line end shows as what it is: a name has none.
func SafeQuote(text string, most int) string {
	line, more := safe(text, func(rune) rune { return unicode.ReplacementChar }), ""
	if len(line) > most {
		line, more = SafeCut(line, most), "…"
	}
	return `"` + line + `"` + more
}

// SafeCut gives the first most bytes of a text at most, and no half characters.
func SafeCut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// safe asks instead what stands for a character that is hidden.
func safe(text string, instead func(rune) rune) string {
	if isSafe(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if IsHidden(r) {
			return instead(r)
		}
		return r // strings.Map writes U+FFFD for each byte that is no UTF-8
	}, text)
}

func isSafe(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, IsHidden)
}
