package filters

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// comparison returns the filters that compare a text, and Replace, which looks for a pattern as Match does.
func comparison(name string) filter {
	switch name {
	case "contains":
		return compare(strings.Contains)
	case "startswith":
		return compare(strings.HasPrefix)
	case "endswith":
		return compare(strings.HasSuffix)
	case "match":
		return match
	case "replace":
		return replace
	}
	return nil
}

func compare(f func(text, option string) bool) filter {
	return func(c Call) (string, bool, error) {
		if len(c.Options) != 1 {
			return "", false, nil
		}
		return strconv.FormatBool(f(c.Text, c.Options[0])), true, nil
	}
}

// maxSearch is how long one search for a pattern may take: patterns such as (a+)+b take exponential time.
const maxSearch = time.Second

// maxPattern is how many bytes a pattern may have.
const maxPattern = 10_000

// pattern compiles a regular expression of .NET's syntax.
func pattern(expression string) (*regexp2.Regexp, error) {
	if len(expression) > maxPattern {
		return nil, errors.New("its pattern is too long")
	}
	re, err := regexp2.Compile(expression)
	if err != nil {
		return nil, errors.New("its pattern is not a regular expression")
	}
	re.MatchTimeout = maxSearch
	return re, nil
}

func slow() error {
	return errors.New("its pattern takes too long to search for; write one with fewer repetitions in it")
}

func match(c Call) (string, bool, error) {
	if len(c.Options) != 1 {
		return "", false, nil
	}
	re, err := pattern(c.Options[0])
	if err != nil {
		return "", false, err
	}
	found, err := re.MatchString(c.Text)
	if err != nil {
		return "", false, slow()
	}
	return strconv.FormatBool(found), true, nil
}

// Matches reports whether a regular expression of .NET's syntax matches anywhere in a text.
func Matches(expression, text string) (bool, error) {
	re, err := pattern(expression)
	if err != nil {
		return false, err
	}
	return re.MatchString(text)
}

// replace takes a pattern and what to put in its place, nothing by default.
func replace(c Call) (string, bool, error) {
	if len(c.Options) == 0 {
		return "", false, nil
	}
	re, err := pattern(c.Options[0])
	if err != nil {
		return "", false, err
	}
	with := ""
	if len(c.Options) > 1 {
		with = c.Options[1]
	}
	r := replacer{text: c.Text, with: replacement(re, with), limit: c.Limit}
	out, err := r.all(re)
	return out, err == nil, err
}

// replacer replaces the matches of a pattern in a text. It is more than regexp2's own in that its result is limited.
type replacer struct {
	text  string
	with  []piece
	limit int
	out   strings.Builder
}

func (r *replacer) all(re *regexp2.Regexp) (string, error) {
	from, left := 0, maxSearch
	search := func(m *regexp2.Match) (*regexp2.Match, error) { // writing is limited by its length, and takes no search's time
		defer func(began time.Time) { left -= time.Since(began) }(time.Now())
		if m == nil {
			return re.FindStringMatch(r.text)
		}
		return re.FindNextMatch(m)
	}
	m, err := search(nil)
	for ; m != nil && err == nil; m, err = search(m) {
		at, length := m.ByteRange()
		r.out.WriteString(r.text[from:at])
		for _, p := range r.with {
			if r.out.WriteString(p(r.text, m)); r.out.Len() > r.limit {
				return "", ErrTooLong
			}
		}
		if from = at + length; left < 0 {
			return "", slow()
		}
	}
	if err != nil {
		return "", slow()
	}
	r.out.WriteString(r.text[from:])
	return r.out.String(), nil
}

// piece returns a part of what a match is replaced by.
type piece func(text string, m *regexp2.Match) string

// replacement parses what a match is replaced by, of .NET's syntax: $1, ${name}, $$, $&, $`, $', $+, $_ and text.
func replacement(re *regexp2.Regexp, with string) []piece {
	var list []piece
	for {
		before, after, found := strings.Cut(with, "$")
		if before != "" {
			list = append(list, literal(before))
		}
		if !found {
			return list
		}
		p, length := reference(re, after)
		if p == nil {
			p = literal("$")
		}
		list, with = append(list, p), after[length:]
	}
}

func literal(text string) piece { return func(string, *regexp2.Match) string { return text } }

// reference returns what a $ and the text after it stand for, and how much of that text is part of it; nil if it is a $ itself.
func reference(re *regexp2.Regexp, after string) (p piece, length int) {
	if after == "" {
		return nil, 0
	}
	switch after[0] {
	case '$':
		return literal("$"), 1
	case '&':
		return func(_ string, m *regexp2.Match) string { return m.String() }, 1
	case '`':
		return before, 1
	case '\'':
		return behind, 1
	case '_':
		return func(text string, _ *regexp2.Match) string { return text }, 1
	case '+':
		last := re.GetGroupNumbers()
		return group(last[len(last)-1]), 1
	case '{':
		name, _, closed := strings.Cut(after[1:], "}")
		if p, length = numbered(re, name); closed && p != nil && length == len(name) {
			return p, len(name) + len("{}")
		}
		if number := re.GroupNumberFromName(name); closed && number >= 0 {
			return group(number), len(name) + len("{}")
		}
		return nil, 0
	}
	return numbered(re, after)
}

// numbered reads the number of a group that the pattern has.
func numbered(re *regexp2.Regexp, after string) (p piece, length int) {
	length = len(after) - len(strings.TrimLeft(after, "0123456789"))
	number, err := strconv.Atoi(after[:length])
	if err != nil || !slices.Contains(re.GetGroupNumbers(), number) {
		return nil, 0
	}
	return group(number), length
}

func group(number int) piece {
	return func(_ string, m *regexp2.Match) string {
		if g := m.GroupByNumber(number); g != nil && len(g.Captures) > 0 {
			return g.String()
		}
		return ""
	}
}

func before(text string, m *regexp2.Match) string {
	at, _ := m.ByteRange()
	return text[:at]
}

func behind(text string, m *regexp2.Match) string {
	at, length := m.ByteRange()
	return text[at+length:]
}
