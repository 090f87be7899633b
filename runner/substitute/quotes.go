package substitute

import "strings"

// singleQuotes says what is wrong with an expression that has a text in single quotes. Octopus knows none, and takes the expression for
// text as well.
const singleQuotes = `a text in an expression needs double quotes, such as "no", not single ones`

// why says what is wrong with the malformed expression that begins at start, or "".
func (p *parser) why(start int) string {
	if p.singleQuoted(start) {
		return singleQuotes
	}
	b, ok := p.blocks[start]
	if !ok || b.end > p.end {
		return ""
	}
	for _, c := range b.clauses {
		if c.elseIf && p.singleQuoted(c.start) {
			return singleQuotes
		}
	}
	return ""
}

// singleQuoted reports whether the tag that begins at start has a single quote where a text can be: in a comparison or a filter.
func (p *parser) singleQuoted(start int) bool {
	tag := p.text[start:min(p.end, start+maxScan)]
	if end := strings.IndexAny(tag, "}\r\n"); end >= 0 {
		tag = tag[:end]
	}
	var outside strings.Builder // of double quotes
	for i, part := range strings.Split(tag, `"`) {
		if i%2 == 0 {
			outside.WriteString(part)
		}
	}
	words := outside.String()
	return strings.Contains(words, "'") && (strings.Contains(words, "==") || strings.Contains(words, "!=") || strings.Contains(words, "|"))
}
