package octopus

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// calls finds the calls of helpers: words of the given form where a command can stand. define finds the functions that the script
// has itself.
func (f *finder) calls(text string, form, define func() *regexp.Regexp) {
	known := map[string]bool{}
	var calls []Use
	for at := 0; at < len(text); {
		if !isNameByte(text[at]) {
			at++
			continue
		}
		word := nameAt(text[at:])
		key := strings.ToLower(word)
		if strings.ContainsAny(word, "_-") || len(word) > len("create") { // no helper has another name
			if !known[key] && form().MatchString(word) && f.isCommand(text, at) {
				known[key] = true // once is enough
				calls = append(calls, Use{Name: word, Line: f.lines.of(at)})
			}
		}
		at += len(word)
	}
	if len(calls) == 0 {
		return
	}
	own := map[string]bool{}
	for _, m := range define().FindAllStringSubmatch(text, -1) {
		own[strings.ToLower(cmp.Or(m[1:]...))] = true
	}
	f.uses.Helpers = slices.DeleteFunc(calls, func(u Use) bool { return own[strings.ToLower(u.Name)] })
}

// nameAt returns the word that a text begins with.
func nameAt(text string) string {
	for i := range len(text) {
		if !isNameByte(text[i]) {
			return text[:i]
		}
	}
	return text
}

// before are the words after which a command can stand.
const before = " then do else if elif while until time exec return try finally not and or print in "

// isCommand reports whether the word at an offset stands where a command can stand.
func (f *finder) isCommand(text string, at int) bool {
	line := strings.TrimRight(text[:at], " \t\r")
	if line == "" || strings.IndexByte("\n;|({&=!`+,[", line[len(line)-1]) >= 0 {
		return true
	}
	start := len(line)
	for start > 0 && isNameByte(line[start-1]) {
		start--
	}
	return start < len(line) && strings.Contains(before, " "+strings.ToLower(line[start:])+" ")
}

// lower returns a text with its ASCII letters in lower case, so that offsets stay.
func lower(text string) string {
	out := []byte(text)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c | 0x20
		}
	}
	return string(out)
}
