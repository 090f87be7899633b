package substitute

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of one expression. They keep the time linear for a text that opens expressions and never closes them.
const (
	maxNesting    = 16
	maxSteps      = 64
	maxIdentifier = 1024 // bytes of one part of a name
	maxFilters    = 1024 // bytes of an expression's filters
)

type segmentKind uint8

const (
	literal segmentKind = iota
	expr
	bad // a #{ that doesn't begin an expression; literal is that #{
)

type segment struct {
	kind    segmentKind
	start   int // offset of the #{ in the text
	literal string
	expr    expression
}

// expression is the text between #{ and }.
type expression struct {
	start, end int // offsets of # and after }
	steps      []step
	construct  string // if it is not a name: what it is, as sentences call it
}

// step is one part of a name: Account, [Prod], .Id.
type step struct {
	index bool
	parts []part
	end   int // offset after it in the text
}

type part struct {
	text   string
	nested *expression
}

// written returns the expression as in the text, without its braces.
func (x expression) written(text string) string {
	return strings.TrimSpace(text[x.start+len("#{") : x.end-len("}")])
}

// prefix returns the first steps of the expression's name as in the text.
func (x expression) prefix(text string, steps int) string {
	return strings.TrimSpace(text[x.start+len("#{") : x.steps[steps-1].end])
}

// plainName returns the name, and false if it contains an expression.
func (x expression) plainName() (string, bool) {
	var b strings.Builder
	for i, s := range x.steps {
		switch {
		case s.index:
			b.WriteByte('[')
		case i > 0:
			b.WriteByte('.')
		}
		for _, p := range s.parts {
			if p.nested != nil {
				return "", false
			}
			b.WriteString(p.text)
		}
		if s.index {
			b.WriteByte(']')
		}
	}
	return b.String(), true
}

// segments splits a text, in order and without loss, except that ##{ becomes #{.
func segments(text string) iter.Seq[segment] {
	return func(yield func(segment) bool) {
		from := 0 // start of the literal that is still to be yielded
		for at := 0; ; {
			next := strings.Index(text[at:], "#{")
			if next < 0 {
				break
			}
			at += next
			if at > from && text[at-1] == '#' { // ##{ is #{ itself
				if !yield(segment{literal: text[from : at-1]}) {
					return
				}
				from = at
				at += len("#{")
				continue
			}
			if at > from && !yield(segment{literal: text[from:at]}) {
				return
			}
			x, isBad := parseExpression(text, at, 0)
			s := segment{kind: expr, start: at, expr: x}
			if isBad {
				s = segment{kind: bad, start: at, literal: "#{"}
				x.end = at + len("#{")
			}
			if !yield(s) {
				return
			}
			at, from = x.end, x.end
		}
		if from < len(text) {
			yield(segment{literal: text[from:]})
		}
	}
}

// parseExpression parses the expression that begins with #{ at offset at.
func parseExpression(text string, at, depth int) (x expression, isBad bool) {
	if depth > maxNesting {
		return x, true
	}
	p := parser{text: text, at: at + len("#{"), depth: depth}
	x.start = at
	p.skipSpace()
	if x.construct = p.keyword(); x.construct != "" {
		x.end, isBad = p.close()
		return x, isBad
	}
	if x.steps, isBad = p.name(); isBad {
		return x, true
	}
	p.skipSpace()
	if p.peek() == '|' {
		p.at++
		p.skipSpace()
		if filter := p.identifier(); filter == "" {
			return x, true
		}
		x.construct = "a filter (|)"
		x.end, isBad = p.close()
		return x, isBad
	}
	if p.peek() != '}' {
		return x, true
	}
	x.end = p.at + 1
	return x, false
}

type parser struct {
	text  string
	at    int
	depth int
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// skipSpace skips white space including line ends: #{ may be on a line of its own.
func (p *parser) skipSpace() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// keyword returns which construct that is not supported yet begins here, as sentences call it, or "".
func (p *parser) keyword() string {
	if strings.IndexByte("/iuec", p.peek()) < 0 {
		return ""
	}
	rest := p.text[p.at:min(len(p.text), p.at+len("/unless}"))]
	for _, word := range [...]string{"if", "unless", "each", "calc"} {
		if after, ok := strings.CutPrefix(rest, word); ok && after != "" && strings.IndexByte(" \t\r\n", after[0]) >= 0 {
			return "#{" + word + "}"
		}
		if after, ok := strings.CutPrefix(rest, "/"+word); ok && strings.HasPrefix(after, "}") {
			return "#{/" + word + "}"
		}
	}
	return ""
}

// close finds the } of an expression whose content is not parsed. A } in quotes is ignored; a line end outside of them
// is an error.
func (p *parser) close() (end int, isBad bool) {
	open := 0
	quoted := false
	for i := p.at; i < min(len(p.text), p.at+maxFilters); i++ {
		switch c := p.text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			return 0, true
		case c == '{':
			open++
		case c == '}' && open > 0:
			open--
		case c == '}':
			return i + 1, false
		}
	}
	return 0, true
}

// name parses the steps of a name.
func (p *parser) name() (steps []step, isBad bool) {
	if p.peek() == '/' { // #{/else} and the like end something that was not begun
		return nil, true
	}
	for {
		id := p.identifier()
		if id == "" || len(steps) == maxSteps {
			return nil, true
		}
		steps = append(steps, step{parts: []part{{text: id}}, end: p.at})
		for p.peek() == '[' {
			parts, isBad := p.index()
			if isBad || len(steps) == maxSteps {
				return nil, true
			}
			steps = append(steps, step{index: true, parts: parts, end: p.at})
		}
		if p.peek() != '.' {
			return steps, false
		}
		p.at++
	}
}

// identifier reads one part of a name. It may contain spaces, but not at its end.
func (p *parser) identifier() string {
	start, end := p.at, p.at
	for i := p.at; i < len(p.text) && i-start < maxIdentifier; {
		r, size := utf8.DecodeRuneInString(p.text[i:])
		i += size
		if r == ' ' || r == '\t' {
			continue
		}
		if !inName(r) {
			break
		}
		end = i
	}
	p.at = end
	return p.text[start:end]
}

func inName(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-:/~()", r)
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// index parses [...], which contains text on one line, and expressions.
func (p *parser) index() (parts []part, isBad bool) {
	p.at++ // [
	for start := p.at; p.at-start < maxIdentifier; {
		from := p.at
		for p.at < len(p.text) && p.at-start < maxIdentifier && !endsIndexText(p.text[p.at]) {
			p.at++
		}
		if p.at > from {
			parts = append(parts, part{text: p.text[from:p.at]})
		}
		switch {
		case p.peek() == ']':
			p.at++
			return parts, len(parts) == 0
		case strings.HasPrefix(p.text[p.at:], "#{"):
			x, isBad := parseExpression(p.text, p.at, p.depth+1)
			if isBad || x.construct != "" {
				return nil, true
			}
			parts = append(parts, part{nested: &x})
			p.at = x.end
		default:
			return nil, true
		}
	}
	return nil, true
}

func endsIndexText(c byte) bool {
	return c == ']' || c == '#' || c == '[' || c == '{' || c == '}' || c == '\n' || c == '\r'
}
