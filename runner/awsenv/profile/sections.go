package profile

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// section is a part of a file, from one head to the next.
type section struct {
	head  string   // the text between the brackets
	line  int      // of the head, from 1
	inset bool     // the head is indented, so that it is none for the aws command
	exact bool     // the aws command reads the head as Stepdeck does; else only the SDK does
	lines []string // below the head
}

// split returns the sections of a file. What stands before the first is in none.
func split(text string) []*section {
	var list []*section
	for i, line := range strings.Split(text, "\n") {
		if head, ok := headOf(line); ok {
			list = append(list, &section{head: head, line: i + 1, inset: blank(line[0])})
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

// checkTwice returns an error if a file has something twice for which the aws command refuses all of it.
func checkTwice(path string, list []*section) error {
	const advice = "The aws command refuses such a file. Remove one."
	heads := map[string]int{}
	for _, s := range list {
		if s.inset {
			continue
		}
		if first := heads[s.head]; first != 0 {
			return model.NewError("profile.file.twice", "%s has the section [%s] twice, in lines %d and %d. "+advice, path, printable(s.head),
				first, s.line)
		}
		if s.head != "DEFAULT" { // which may be there twice
			heads[s.head] = s.line
		}
		if setting, first, second := s.twice(); second != 0 {
			return model.NewError("profile.file.twice", "%s has the setting %s twice in the section [%s], in lines %d and %d. "+advice, path,
				printable(setting), printable(s.head), first, second)
		}
	}
	return nil
}

// twice returns a setting that the section has twice, and in which lines; 0 for none.
func (s *section) twice() (setting string, first, second int) {
	lines := map[string]int{}
	for i, line := range s.lines {
		setting, _ := splitSetting(line)
		if setting == "" {
			continue
		}
		if lines[setting] != 0 {
			return setting, lines[setting], s.line + 1 + i
		}
		lines[setting] = s.line + 1 + i
	}
	return "", 0, 0
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
// not closed, or a blank begins the head.
func inConfiguration(head string) (kind, name string, exact bool) {
	read := head
	if head = strings.TrimSpace(head); head == defaultName {
		return profileKind, head, head == read
	}
	if list, ok := words(head); ok && len(list) == 2 && (list[0] == profileKind || list[0] == sessionKind) {
		return list[0], list[1], strings.HasPrefix(read, list[0])
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
