package browser

import (
	"net/url"
	"strings"
)

// placeholder is where the address stands in a browser's command line; without one it comes last.
const placeholder = "{url}"

// chosen returns the program that opens a page: that of a command line, or the system's if there is none.
func chosen(line, address string) []string {
	words := split(line)
	if len(words) == 0 {
		return opener(address)
	}
	found := false
	for i, word := range words {
		switch {
		case word == placeholder:
			words[i], found = address, true
		case strings.Contains(word, placeholder): // a part of another address, such as one that an extension opens
			words[i], found = strings.ReplaceAll(word, placeholder, url.QueryEscape(address)), true
		}
	}
	if !found {
		words = append(words, address)
	}
	return words
}

// split splits a command line at blanks that are not within quotation marks. A backslash means itself, as paths of Windows have it.
func split(line string) []string {
	var words []string
	var word strings.Builder
	inside, quote := false, rune(0)
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, inside = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if inside {
				words = append(words, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if inside {
		words = append(words, word.String())
	}
	return words
}
