package monogrid

import (
	"unicode"
	"unicode/utf8"
)

// word returns the range of the word around byte at of s: letters, digits and underscores, else a run of blanks or of other characters.
func word(s string, at int) (from, to int) {
	if s == "" {
		return 0, 0
	}
	at = min(at, len(s))
	if at == len(s) {
		at = Before(s, at)
	}
	k := kindAt(s, at)
	from, to = at, After(s, at)
	for from > 0 {
		prev := Before(s, from)
		if kindAt(s, prev) != k {
			break
		}
		from = prev
	}
	for to < len(s) && kindAt(s, to) == k {
		to = After(s, to)
	}
	return from, to
}

// NextWord returns the start of the word after byte at, or the end of s.
func NextWord(s string, at int) int {
	if at >= len(s) {
		return len(s)
	}
	if k := kindAt(s, at); k != blank {
		for at < len(s) && kindAt(s, at) == k {
			at = After(s, at)
		}
	}
	for at < len(s) && kindAt(s, at) == blank {
		at = After(s, at)
	}
	return at
}

// PreviousWord returns the start of the word before byte at, or 0.
func PreviousWord(s string, at int) int {
	for at > 0 && kindAt(s, Before(s, at)) == blank {
		at = Before(s, at)
	}
	if at == 0 {
		return 0
	}
	k := kindAt(s, Before(s, at))
	for at > 0 && kindAt(s, Before(s, at)) == k {
		at = Before(s, at)
	}
	return at
}

type kind uint8

const (
	blank kind = iota
	letter
	sign
)

func kindAt(s string, at int) kind {
	r, _ := utf8.DecodeRuneInString(s[at:])
	switch {
	case unicode.IsSpace(r):
		return blank
	case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return letter
	}
	return sign
}
