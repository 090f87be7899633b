package substitute

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of one expression. They keep the time linear for a text that opens expressions and never closes them.
const (
	maxNesting    = 16   // expressions in the indexes and filters of expressions
	maxBlocks     = 64   // blocks inside each other
	maxSteps      = 64   // parts of a name
	maxIdentifier = 1024 // bytes of one part of a name
	maxFilters    = 4096 // bytes of an expression's filters, without blocks in them
	maxScan       = 1024 // bytes of a malformed expression that are searched for its end
)

// newParser returns a parser that splits a text, in order and without loss, except that ##{ becomes #{.
func newParser(text string) *parser {
	return &parser{text: text, end: len(text), blocks: matchBlocks(text), known: map[int]token{}, left: new(int64(MaxExpressions))}
}

// parser parses text[at:end].
type parser struct {
	text    string
	at, end int
	nesting int // of expressions
	depth   int // of blocks
	parens  int // in a calculation
	blocks  map[int]block
	known   map[int]token // the blocks that were parsed already, by their offset: a filter that has one may turn out to be malformed
	where   *counter      // nil: no positions
	left    *int64        // how many expressions may follow; below zero it has stopped
}

// template parses until the end.
func (p *parser) template() []token {
	var tokens []token
	_ = p.each(func(t *token) error {
		tokens = append(tokens, *t)
		return nil
	})
	return tokens
}

// each parses until the end and hands over each token, until there is an error.
func (p *parser) each(do func(t *token) error) (err error) {
	from := p.at // start of the literal that is still to be handed over
	add := func(to int) {
		if to > from && err == nil {
			err = do(&token{text: p.text[from:to]})
		}
	}
	for err == nil && *p.left >= 0 {
		next := strings.Index(p.text[p.at:p.end], "#{")
		if next < 0 {
			break
		}
		p.at += next
		hashes := p.at - from - len(strings.TrimRight(p.text[from:p.at], "#"))
		if hashes > 0 {
			add(p.at - 1)
			from = p.at
		}
		if hashes%2 == 1 { // ##{ is #{ itself, ###{ is # before an expression
			p.at += len("#{")
			continue
		}
		if add(p.at); err != nil {
			break
		}
		t := p.statement()
		err = do(&t)
		from = p.at
	}
	p.at = p.end
	add(p.end)
	return err
}

// statement parses the expression that begins at the current offset.
func (p *parser) statement() token {
	start := p.at
	var at position
	if p.where != nil {
		at = p.where.to(start)
	}
	*p.left--
	t, ok := p.expression()
	if !ok {
		p.at = p.malformedEnd(start)
		t = token{kind: malformed, text: p.text[start:p.at], rest: restOfLine(p.text[start+len("#{"):]), why: p.why(start)}
	}
	t.at = at
	return t
}

// malformedEnd returns where an expression ends that can't be parsed: at the end of its block, or of its filters, or after #{.
func (p *parser) malformedEnd(start int) int {
	if b, ok := p.blocks[start]; ok && b.end <= p.end {
		return b.end
	}
	q := *p
	q.at, q.where = start+len("#{"), nil
	q.skipSpace()
	if q.peek() != '|' {
		if _, ok := q.name(); !ok {
			return start + len("#{")
		}
		q.skipSpace()
	}
	if q.peek() == '|' {
		if end, ok := q.closing(); ok {
			return end
		}
	}
	return start + len("#{")
}

// closing finds the } of an expression whose filters can't be parsed. A } in quotes is ignored.
func (p *parser) closing() (end int, ok bool) {
	open := 0
	quoted := false
	for i := p.at; i < min(p.end, p.at+maxScan); i++ {
		switch c := p.text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			return 0, false
		case c == '{':
			open++
		case c == '}' && open > 0:
			open--
		case c == '}':
			return i + 1, true
		}
	}
	return 0, false
}

// expression parses the expression that begins with #{ at the current offset. ok is false if it is malformed; then the offset
// is anywhere.
func (p *parser) expression() (t token, ok bool) {
	if p.nesting >= maxNesting {
		return t, false
	}
	p.nesting++
	defer func() { p.nesting-- }()
	start := p.at
	if b, isBlock := p.blocks[start]; isBlock && b.end <= p.end {
		if t, ok = p.known[start]; ok {
			p.at = b.end
			return t, true
		}
		if t, ok = p.block(b); ok {
			t.text = p.text[start:b.end]
			p.known[start], p.at = t, b.end
		}
		return t, ok
	}
	p.at += len("#{")
	p.skipSpace()
	word := p.keyword()
	if word == "calc" {
		if s, ok := p.calculation(); ok {
			return token{kind: calculation, text: p.text[start:p.at], sum: s}, true
		}
		p.at = start + len("#{")
		p.skipSpace()
	}
	c, ok := p.content()
	if !ok || !p.take("}") || word == "each" && c.isLoop() {
		return t, false
	}
	return token{kind: substitution, text: p.text[start:p.at], content: c}, true
}

// isLoop reports whether a name was meant as the beginning of a loop: each x in List.
func (c *content) isLoop() bool { return c.name != nil && strings.Contains(c.written(), " in ") }

func (p *parser) peek() byte {
	if p.at < p.end {
		return p.text[p.at]
	}
	return 0
}

// take skips what is expected here.
func (p *parser) take(what string) bool {
	if !strings.HasPrefix(p.text[p.at:p.end], what) {
		return false
	}
	p.at += len(what)
	return true
}

// skipSpace skips white space including line ends: #{ may be on a line of its own.
func (p *parser) skipSpace() {
	for p.at < p.end && isBlank(p.text[p.at]) {
		p.at++
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// keyword returns the word of a construct that begins here, in lower case, or "".
func (p *parser) keyword() string { return keywordAt(p.text[p.at:p.end]) }

func keywordAt(text string) string {
	if text == "" || strings.IndexByte("iuecIUEC", text[0]) < 0 {
		return ""
	}
	for _, word := range [...]string{"if", "unless", "each", "calc"} {
		if len(text) > len(word) && isBlank(text[len(word)]) && strings.EqualFold(text[:len(word)], word) {
			return word
		}
	}
	return ""
}

// content parses a name with filters.
func (p *parser) content() (c *content, ok bool) {
	c = &content{}
	p.skipSpace()
	if p.peek() != '|' {
		if c.name, ok = p.name(); !ok {
			return nil, false
		}
		p.skipSpace()
	}
	start, skipped := p.at, 0
	for p.take("|") {
		f, inBlocks, ok := p.filter()
		if skipped += inBlocks; !ok || p.at-start-skipped > maxFilters {
			return nil, false
		}
		c.filters = append(c.filters, f)
	}
	return c, true
}

// filter parses a filter after its bar. inBlocks is how many bytes blocks have in its options.
func (p *parser) filter() (f filterCall, inBlocks int, ok bool) {
	restore := p.withoutPositions()
	defer restore()
	p.skipSpace()
	if f.name = p.word(); f.name == "" {
		return f, 0, false
	}
	for {
		p.skipSpace()
		o := token{}
		switch c := p.peek(); {
		case c == '#':
			start := p.at
			if !strings.HasPrefix(p.text[start:p.end], "#{") {
				return f, inBlocks, false
			}
			if o, ok = p.expression(); !ok {
				return f, inBlocks, false
			}
			if len(o.branches) > 0 || o.loop != nil {
				inBlocks += p.at - start
			}
		case c == '"' || c == '\\':
			if o.text, ok = p.quoted(); !ok {
				return f, inBlocks, false
			}
		default:
			if o.text = p.word(); o.text == "" {
				return f, inBlocks, true
			}
		}
		f.options = append(f.options, o)
	}
}

// withoutPositions stops counting them, until the function that it returns is called: what is inside of an expression is at its
// position.
func (p *parser) withoutPositions() func() {
	where := p.where
	p.where = nil
	return func() { p.where = where }
}

// quoted parses a text in quotes, or in quotes that have a backslash before them: "text", \"text\".
func (p *parser) quoted() (text string, ok bool) {
	quote := `"`
	if p.peek() == '\\' {
		quote = `\"`
	}
	if !p.take(quote) {
		return "", false
	}
	length := strings.Index(p.text[p.at:min(p.end, p.at+maxFilters)], quote)
	if length < 0 || strings.Contains(p.text[p.at:p.at+length], "#{") {
		return "", false
	}
	text = p.text[p.at : p.at+length]
	p.at += length + len(quote)
	return text, true
}

// word parses the name of a filter, or an option without quotes.
func (p *parser) word() string {
	start := p.at
	for p.at < p.end && p.at-start < maxIdentifier {
		r, size := utf8.DecodeRuneInString(p.text[p.at:p.end])
		if !inName(r) {
			break
		}
		p.at += size
	}
	return p.text[start:p.at]
}

// name parses a name.
func (p *parser) name() (n *name, ok bool) {
	if p.peek() == '/' { // #{/else} and the like end something that was not begun
		return nil, false
	}
	n = &name{}
	for {
		id := p.identifier()
		if id == "" || len(n.steps) == maxSteps {
			return nil, false
		}
		n.steps = append(n.steps, step{parts: []part{{text: id}}})
		for p.peek() == '[' {
			parts, ok := p.index()
			if !ok || len(n.steps) == maxSteps {
				return nil, false
			}
			n.steps = append(n.steps, step{index: true, parts: parts})
		}
		if !p.take(".") {
			n.plain = n.resolvePlain()
			return n, true
		}
	}
}

// identifier reads one part of a name. It may contain spaces, but not at its ends.
func (p *parser) identifier() string {
	for p.peek() == ' ' || p.peek() == '\t' {
		p.at++
	}
	start, end, open := p.at, p.at, 0
	for i := p.at; i < p.end && i-start < maxIdentifier; {
		r, size := utf8.DecodeRuneInString(p.text[i:p.end])
		if i += size; r == ' ' || r == '\t' {
			continue
		}
		if !inName(r) {
			break
		}
		if p.parens > 0 && (r == '(' || r == ')') { // a ) may end the parentheses of a calculation
			if r == '(' {
				open++
			} else if open--; open < 0 {
				break
			}
		}
		end = i
	}
	p.at = end
	return p.text[start:end]
}

func inName(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-:/~()@", r)
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// index parses [...], which contains text on one line, brackets in pairs, and expressions.
func (p *parser) index() (parts []part, ok bool) {
	restore := p.withoutPositions()
	defer restore()
	p.at++ // [
	open := 0
	for start := p.at; p.at-start < maxIdentifier; {
		from := p.at
		for p.at < p.end && p.at-start < maxIdentifier && p.inIndex(&open) {
			p.at++
		}
		if p.at > from {
			parts = append(parts, part{text: p.text[from:p.at]})
		}
		switch {
		case p.peek() == ']':
			p.at++
			return trimIndex(parts), true
		case strings.HasPrefix(p.text[p.at:p.end], "#{"):
			t, ok := p.expression()
			if !ok || t.kind != substitution {
				return nil, false
			}
			parts = append(parts, part{nested: t.content})
		default:
			return nil, false
		}
	}
	return nil, false
}

// inIndex reports whether the current byte is text of an index. open is how many brackets are open in it.
func (p *parser) inIndex(open *int) bool {
	switch p.text[p.at] {
	case '\n', '\r':
		return false
	case '#':
		return !strings.HasPrefix(p.text[p.at:p.end], "#{")
	case '[':
		*open++
	case ']':
		*open--
		if *open < 0 {
			*open = 0
			return false
		}
	}
	return true
}

// trimIndex removes blanks at both ends of an index.
func trimIndex(parts []part) []part {
	last := len(parts) - 1
	if last >= 0 && (strings.TrimSpace(parts[0].text) != "" || last > 0) {
		parts[0].text = strings.TrimLeft(parts[0].text, " \t")
		parts[last].text = strings.TrimRight(parts[last].text, " \t")
	}
	return parts
}
