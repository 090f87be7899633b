package script

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// pythonArguments splits a step's parameters into the arguments of a Python script. As for Octopus, which hands them over as
// a command line of a process, there is no shell: double quotes hold blanks together and a backslash before a double quote makes
// it an ordinary character; single quotes, dollar signs and the like are ordinary. A line break is a blank, a # at the start of a
// line or between blanks begins a comment, and a backslash alone at the end of a line is ignored, as in the other languages.
func pythonArguments(text string) (arguments []string, warnings []*model.Error, err error) {
	if strings.ContainsRune(text, 0) {
		return nil, nil, model.NewError("script.parameters.nul", "The script parameters contain a NUL character. Type them again.")
	}
	s := argumentScanner{text: unixLines(text)}
	for s.skipGap() {
		if s.singleQuoted() && len(warnings) == 0 {
			warnings = append(warnings, model.NewError("script.parameters.quotes",
				"In the parameters of a Python script single quotes don't hold blanks together, as they do here. Use double quotes."))
		}
		argument, line := s.argument()
		if line > 0 {
			return nil, nil, model.NewError("script.parameters.syntax",
				`The script parameters can't be read: the double quote in line %d is never closed. Close it, or write \" for the character itself.`,
				line)
		}
		arguments = append(arguments, argument)
	}
	return arguments, warnings, nil
}

type argumentScanner struct {
	text string
	at   int
}

// skipGap goes to the next argument, and reports whether there is one.
func (s *argumentScanner) skipGap() bool {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case isGap(c):
			s.at++
		case c == '#' && (s.startsLine() || s.at+1 == len(s.text) || isGap(s.text[s.at+1])):
			s.at += lineLength(s.text[s.at:])
		case c == '\\' && strings.TrimLeft(s.text[s.at+1:s.at+lineLength(s.text[s.at:])], " \t") == "":
			s.at++
		default:
			return true
		}
	}
	return false
}

func (s *argumentScanner) startsLine() bool {
	before := strings.TrimRight(s.text[:s.at], " \t")
	return before == "" && strings.Contains(s.text, "\n") || strings.HasSuffix(before, "\n")
}

func isGap(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

func lineLength(text string) int {
	line, _, _ := strings.Cut(text, "\n")
	return len(line)
}

// argument reads an argument. line is that of a quote which is never closed, or 0.
func (s *argumentScanner) argument() (argument string, line int) {
	var b strings.Builder
	quoted := -1 // where the quote began
	for s.at < len(s.text) && (quoted >= 0 || !isGap(s.text[s.at])) {
		switch {
		case s.text[s.at] == '\\':
			s.backslashes(&b)
			continue
		case s.text[s.at] != '"':
			b.WriteByte(s.text[s.at])
		case quoted < 0:
			quoted = s.at
		case strings.HasPrefix(s.text[s.at:], `""`):
			b.WriteByte('"')
			s.at++
		default:
			quoted = -1
		}
		s.at++
	}
	if quoted >= 0 {
		return "", strings.Count(s.text[:quoted], "\n") + 1
	}
	return b.String(), 0
}

// backslashes reads a row of backslashes. Before a double quote two of them are one, and an odd one makes the quote an ordinary
// character; elsewhere they are what they are, so that paths of Windows need no others.
func (s *argumentScanner) backslashes(b *strings.Builder) {
	rest := strings.TrimLeft(s.text[s.at:], `\`)
	n := len(s.text) - s.at - len(rest)
	s.at += n
	if !strings.HasPrefix(rest, `"`) {
		b.WriteString(strings.Repeat(`\`, n))
		return
	}
	b.WriteString(strings.Repeat(`\`, n/2))
	if n%2 == 1 {
		b.WriteByte('"')
		s.at++
	}
}

// singleQuoted reports whether somebody seems to hold blanks together with single quotes here.
func (s *argumentScanner) singleQuoted() bool {
	quoted, after, closed := strings.Cut(strings.TrimPrefix(s.text[s.at:], "'"), "'")
	return s.text[s.at] == '\'' && closed && strings.ContainsAny(quoted, " \t\n") && (after == "" || isGap(after[0]))
}
