// Package find is the search that the log view and the script editor share: a query, and a matcher for single lines.
package find

import (
	"fmt"
	"regexp"
	"strings"
)

// Query is what to search for. The zero value matches nothing.
type Query struct {
	Text   string
	Case   bool // match case
	Regexp bool // Text is a regular expression in Go's syntax
}

// Matcher finds a query in lines. It is safe for concurrent use.
type Matcher struct {
	plain string
	fold  bool // ignore case: plain is in lower case
	expr  *regexp.Regexp
}

// Compile prepares a query. It fails for an invalid regular expression.
func (q Query) Compile() (*Matcher, error) {
	if q.Text == "" || q.Case && !q.Regexp {
		return &Matcher{plain: q.Text}, nil
	}
	if !q.Regexp && ascii(q.Text) { // the usual search, ten times as fast as a regular expression
		return &Matcher{plain: strings.ToLower(q.Text), fold: true}, nil
	}
	expr := q.Text
	if !q.Regexp {
		expr = regexp.QuoteMeta(expr)
	}
	if !q.Case {
		expr = "(?i)" + expr
	}
	compiled, err := regexp.Compile(expr)
	if err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", q.Text, err)
	}
	return &Matcher{expr: compiled}, nil
}

// Line calls found with the byte range of each match in a line, in order and without overlaps, until found returns false. Empty matches,
// as of "x*", are left out.
func (m *Matcher) Line(line string, found func(from, to int) bool) {
	if m.expr == nil {
		m.linePlain(line, found)
		return
	}
	for _, loc := range m.expr.FindAllStringIndex(line, -1) {
		if loc[0] < loc[1] && !found(loc[0], loc[1]) {
			return
		}
	}
}

func (m *Matcher) linePlain(line string, found func(from, to int) bool) {
	if m.plain == "" {
		return
	}
	for at := 0; ; {
		i := m.index(line[at:])
		if i < 0 || !found(at+i, at+i+len(m.plain)) {
			return
		}
		at += i + len(m.plain)
	}
}

func (m *Matcher) index(s string) int {
	if !m.fold {
		return strings.Index(s, m.plain)
	}
	first := m.plain[0]
	upper := first
	if 'a' <= first && first <= 'z' {
		upper -= 'a' - 'A'
	}
	for i := 0; i+len(m.plain) <= len(s); i++ {
		if c := s[i]; (c == first || c == upper) && equalFold(s[i:i+len(m.plain)], m.plain) {
			return i
		}
	}
	return -1
}

// equalFold reports whether s equals lower, which is in lower case and of the same length, ignoring the case of ASCII letters.
func equalFold(s, lower string) bool {
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
