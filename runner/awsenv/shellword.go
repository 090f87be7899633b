package awsenv

import (
	"strings"
	"unicode"
)

// inert reports whether no shell sees anything but letters in a text between double quotes, and a person sees all of them.
func inert(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune("$`\"\\!%", r) })
}
