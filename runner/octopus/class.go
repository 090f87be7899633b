package octopus

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// class is what a byte of a script is a part of.
type class byte

const (
	code    class = iota
	comment       // with its marks
	single        // a string in which nothing is replaced, with its quotes
	double        // a string in which variables are replaced, with its quotes
)

// classes returns the class of each byte of a script. Text that the language could not parse gets some class, too.
func classes(language model.Language, text string) []class {
	s := scanner{text: text, out: make([]class, len(text))}
	switch language {
	case model.PowerShell:
		s.run(s.powerShell)
	case model.Bash:
		s.run(s.bash)
	case model.Python:
		s.run(s.python)
	}
	return s.out
}

// blank returns a script with everything of the given classes replaced by spaces, so that offsets and lines stay.
func blank(text string, of []class, hide ...class) string {
	var hidden [double + 1]bool
	for _, c := range hide {
		hidden[c] = true
	}
	out := []byte(text)
	for i, c := range of {
		if hidden[c] && out[i] != '\n' {
			out[i] = ' '
		}
	}
	return string(out)
}

// scanner finds comments and strings.
type scanner struct {
	text string
	at   int
	out  []class

	heredocs []heredoc // of Bash, which begin on the next line
}

// run calls token at each place until the end of the text; it returns how much there belongs together and what it is.
func (s *scanner) run(token func() (length int, c class)) {
	for s.at < len(s.text) {
		n, c := token()
		end := min(len(s.text), s.at+max(n, 1))
		for ; s.at < end; s.at++ {
			s.out[s.at] = c
		}
	}
}

func (s *scanner) rest() string { return s.text[s.at:] }

// begins reports whether a word can begin here, after the ends of lines and words and the given marks.
func (s *scanner) begins(marks string) bool {
	return s.at == 0 || strings.IndexByte(" \t\r\n;|&()"+marks, s.text[s.at-1]) >= 0
}

// until returns the length up to and including the next end, or to the end of the text.
func until(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

// toLineEnd returns the length up to the next line end.
func toLineEnd(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i
	}
	return len(text)
}

// quoted returns the length of a string that begins with its quotation mark; escape stands before one that does not end it. A
// doubled mark counts as a part of it as well where the language has that.
func quoted(text string, escape byte, doubled bool) int {
	mark := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case escape != 0 && text[i] == escape:
			i++
		case text[i] != mark:
		case doubled && i+1 < len(text) && text[i+1] == mark:
			i++
		default:
			return i + 1
		}
	}
	return len(text)
}

func (s *scanner) powerShell() (length int, c class) {
	rest := s.rest()
	switch {
	case strings.HasPrefix(rest, "<#"):
		return until(rest[2:], "#>") + 2, comment
	case rest[0] == '#' && s.begins("{},"):
		return toLineEnd(rest), comment
	case rest[0] == '`':
		return 2, code
	case strings.HasPrefix(rest, "@'"):
		return until(rest[2:], "\n'@") + 2, single
	case strings.HasPrefix(rest, `@"`):
		return until(rest[2:], "\n\"@") + 2, double
	case rest[0] == '\'':
		return quoted(rest, 0, true), single
	case rest[0] == '"':
		return interpolated(rest, '`'), double
	}
	return 1, code
}

func (s *scanner) python() (length int, c class) {
	rest := s.rest()
	switch {
	case rest[0] == '#':
		return toLineEnd(rest), comment
	case strings.HasPrefix(rest, `"""`), strings.HasPrefix(rest, "'''"):
		return until(rest[3:], rest[:3]) + 3, single
	case rest[0] == '"', rest[0] == '\'':
		return inLine(rest), single
	}
	return 1, code
}

// inLine returns the length of a string of Python that ends with its line at the latest.
func inLine(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\n':
			return i
		case text[0]:
			return i + 1
		}
	}
	return len(text)
}

// heredoc is a document within a Bash script.
type heredoc struct {
	end  string
	tabs bool // before the end are allowed
	c    class
}

var heredocStart = pattern(`^<<(-?)[ \t]*(\\?)(['"]?)([A-Za-z_][A-Za-z0-9_.-]*)['"]?`)

func (s *scanner) bash() (length int, c class) {
	rest := s.rest()
	switch {
	case rest[0] == '\n' && len(s.heredocs) > 0:
		return s.documents()
	case rest[0] == '#' && s.begins(""):
		return toLineEnd(rest), comment
	case rest[0] == '\\':
		return 2, code
	case strings.HasPrefix(rest, "$'"):
		return quoted(rest[1:], '\\', false) + 1, single
	case rest[0] == '\'':
		return quoted(rest, 0, false), single
	case rest[0] == '"':
		return interpolated(rest, '\\'), double
	case strings.HasPrefix(rest, "<<<"):
		return 3, code
	case !strings.HasPrefix(rest, "<<"):
		return 1, code
	}
	if m := heredocStart().FindStringSubmatch(rest); m != nil {
		d := heredoc{m[4], m[1] != "", double}
		if m[2] != "" || m[3] != "" {
			d.c = single
		}
		s.heredocs = append(s.heredocs, d)
		return len(m[0]), code
	}
	return 1, code
}

// interpolated returns the length of a string in double quotes. What stands in $(…) within it can have quotes of its own.
func interpolated(text string, escape byte) int {
	depth := 0
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == escape:
			i++
		case c == '(' && (depth > 0 || text[i-1] == '$'):
			depth++
		case depth > 0 && c == ')':
			depth--
		case depth > 0 && c == '"':
			i += quoted(text[i:], escape, false) - 1
		case depth > 0 && c == '\'':
			i += quoted(text[i:], 0, false) - 1
		case c == '"':
			return i + 1
		}
	}
	return len(text)
}

// documents takes the documents that were announced on the line that ends here.
func (s *scanner) documents() (length int, c class) {
	rest, d := s.rest(), s.heredocs[0]
	s.heredocs = s.heredocs[1:]
	for at := 1; at < len(rest); {
		n := toLineEnd(rest[at:])
		line := strings.TrimSuffix(rest[at:at+n], "\r")
		if d.tabs {
			line = strings.TrimLeft(line, "\t")
		}
		if at += n; line == d.end {
			return at, d.c
		}
		at++
	}
	return len(rest), d.c
}
