package awsenv

import "strings"

// inert reports whether no shell sees anything but letters in a text between double quotes.
func inert(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || strings.ContainsRune("$`\"\\!%", r) })
}
