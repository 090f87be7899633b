// Package find is what the log view and the script editor share of searching: the query, and a matcher over single lines.
package find

import (
	"fmt"
	"regexp"
	"strings"
)

// Query is what a person looks for. The zero value finds nothing.
type Query struct {
	Text   string
	Case   bool // upper and lower case differ
	Regexp bool // Text is a regular expression in Go's syntax
}

// Matcher finds a query in lines. It may be used by several goroutines.
type Matcher struct {
	plain string
	expr  *regexp.Regexp
}

// Compile prepares a query. It fails for a broken regular expression; the error says where.
func (q Query) Compile() (*Matcher, error) {
	if q.Text == "" || q.Case && !q.Regexp {
		return &Matcher{plain: q.Text}, nil
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

// Line calls found with the bytes of each match in a line, in order and not overlapping, until found returns false. Empty matches of an
// expression such as "x*" are left out: there would be nothing to show.
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
		i := strings.Index(line[at:], m.plain)
		if i < 0 || !found(at+i, at+i+len(m.plain)) {
			return
		}
		at += i + len(m.plain)
	}
}
