package profile

import "strings"

// section is a part of a file, from one head to the next.
type section struct {
	head  string   // the text between the brackets
	line  int      // of the head, from 1
	exact bool     // the aws command reads the head as Stepdeck does; else only the SDK does
	lines []string // below the head
}

// split returns the sections of a file. What stands before the first is in none.
func split(text string) []*section {
	var list []*section
	for i, line := range strings.Split(text, "\n") {
		if head, ok := headOf(line); ok {
			list = append(list, &section{head: head, line: i + 1})
		} else if len(list) > 0 {
			last := list[len(list)-1]
			last.lines = append(last.lines, line)
		}
	}
	return list
}

// headOf returns the head of the section that a line begins. Both the SDK's heads count, after which a comment may stand, and
// those of the aws command, in which # and ; are letters: if one were overlooked, the settings below it would become those
// of the profile above.
func headOf(line string) (head string, ok bool) {
	text := strings.TrimSpace(line)
	if !strings.HasPrefix(text, "[") {
		return "", false
	}
	before, _, _ := strings.Cut(text, "#")
	before, _, _ = strings.Cut(before, ";")
	if before = strings.TrimSpace(before); strings.HasSuffix(before, "]") {
		return before[1 : len(before)-1], true
	}
	end := strings.LastIndexByte(text, ']')
	if end < 0 || blank(line[0]) {
		return "", false
	}
	return text[1:end], true
}

func blank(b byte) bool { return b == ' ' || b == '\t' }

// The kinds of section that matter here, as their heads begin.
const (
	profileKind = "profile"
	sessionKind = "sso-session"
	defaultName = "default" // the profile whose head has no kind
)

// inConfiguration says what a head of the configuration file means: the kind and name of a section, or no kind. exact is false
// if the aws command ignores the section although the SDK takes it: where a name of two words has no quotes, or one that is
// not closed.
func inConfiguration(head string) (kind, name string, exact bool) {
	if head = strings.TrimSpace(head); head == defaultName {
		return profileKind, head, true
	}
	if list, ok := words(head); ok && len(list) == 2 && (list[0] == profileKind || list[0] == sessionKind) {
		return list[0], list[1], true
	}
	at := strings.IndexAny(head, " \t")
	if at < 0 || head[:at] != profileKind && head[:at] != sessionKind {
		return "", "", false
	}
	return head[:at], strings.TrimLeft(head[at:], " \t"), false
}

// inCredentials does the same for the credentials file, whose heads are the names themselves, quotes included.
func inCredentials(head string) (kind, name string, exact bool) {
	name = strings.TrimSpace(head)
	if kind, _, _ := strings.Cut(strings.ReplaceAll(name, "\t", " "), " "); kind != name && (kind == profileKind || kind == sessionKind) {
		return "", "", false
	}
	return profileKind, name, name == head
}

// words splits a head as the aws command does, which takes Python's shlex for it. ok is false if a quote is not closed.
func words(text string) (list []string, ok bool) {
	var word strings.Builder
	var quote rune
	inside, escaped := false, false // a word, after a backslash
	for _, r := range text {
		switch {
		case escaped:
			if quote != 0 && r != quote && r != '\\' {
				word.WriteRune('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			inside, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			inside, quote = true, r
		case strings.ContainsRune(" \t\r\n", r):
			if inside {
				list = append(list, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if inside {
		list = append(list, word.String())
	}
	return list, quote == 0 && !escaped
}
