package substitute

import "strings"

// block is where the parts of a block are in a text.
type block struct {
	word    string
	clauses []clause
	close   int // offset of its closing tag
	end     int // offset after that
}

// clause is an else or elseif of a block.
type clause struct {
	start  int
	elseIf bool
}

// bodyEnd returns the offset after the body before a clause, or before the closing tag.
func (b block) bodyEnd(clause int) int {
	if clause < len(b.clauses) {
		return b.clauses[clause].start
	}
	return b.close
}

// opened is a block that is not closed yet.
type opened struct {
	start int
	block
}

// matchBlocks finds the blocks in a text that are closed, by the offsets of their opening tags. It doesn't look at what is in the
// tags. The time is linear.
func matchBlocks(text string) map[int]block {
	if !strings.Contains(text, "#{/") {
		return nil
	}
	blocks := map[int]block{}
	var stack []opened
	open := map[string]int{}
	for at := range tags(text) {
		tag := text[at+len("#{"):]
		if word := keywordAt(strings.TrimLeft(tag, " \t\r\n")); word != "" && word != "calc" {
			stack = append(stack, opened{at, block{word: word}})
			open[word]++
			continue
		}
		if word := closingWord(tag); word != "" && open[word] > 0 {
			for word != stack[len(stack)-1].word {
				open[stack[len(stack)-1].word]--
				stack = stack[:len(stack)-1]
			}
			top := stack[len(stack)-1]
			top.close, top.end = at, at+len("#{/")+len(word)+len("}")
			blocks[top.start] = top.block
			open[word]--
			stack = stack[:len(stack)-1]
			continue
		}
		if len(stack) > 0 {
			stack[len(stack)-1].clause(at, tag)
		}
	}
	return blocks
}

// tags yields the offset of each #{ that is not written ##{.
func tags(text string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for at := 0; ; at += len("#{") {
			next := strings.Index(text[at:], "#{")
			if next < 0 {
				return
			}
			before := text[:at+next]
			hashes := 0
			for hashes < next && before[len(before)-1-hashes] == '#' {
				hashes++
			}
			if at += next; hashes%2 == 0 && !yield(at) {
				return
			}
		}
	}
}

// closingWord returns the word of a closing tag, from after its #{, or "".
func closingWord(tag string) string {
	for _, word := range [...]string{"if", "unless", "each"} {
		if strings.HasPrefix(tag, "/"+word+"}") {
			return word
		}
	}
	return ""
}

// clause adds an else or elseif, if the tag is one and the block can have it.
func (b *opened) clause(at int, tag string) {
	const elseIf = "elseif"
	ended := len(b.clauses) > 0 && !b.clauses[len(b.clauses)-1].elseIf
	switch {
	case b.word == "each" || ended:
	case strings.HasPrefix(tag, "else}"):
		b.clauses = append(b.clauses, clause{start: at})
	case b.word == "if" && strings.HasPrefix(tag, elseIf) && len(tag) > len(elseIf) && isBlank(tag[len(elseIf)]):
		b.clauses = append(b.clauses, clause{start: at, elseIf: true})
	}
}

// block parses a block, whose opening tag is at the current offset.
func (p *parser) block(b block) (t token, ok bool) {
	if p.depth >= maxBlocks {
		return t, false
	}
	outer, nesting := p.end, p.nesting
	p.depth++
	p.nesting = 0 // a block's body is a text of its own
	defer func() { p.end, p.nesting, p.depth = outer, nesting, p.depth-1 }()
	p.at += len("#{")
	p.skipSpace()
	p.at += len(b.word)
	p.end = b.bodyEnd(0)
	if b.word == "each" {
		return p.loop()
	}
	when, ok := p.condition()
	if !ok {
		return t, false
	}
	when.negated = b.word == "unless"
	t = token{kind: conditional, branches: []branch{{when, p.template()}}}
	for i, c := range b.clauses {
		next := branch{}
		p.at, p.end = c.start+len("#{else}"), b.bodyEnd(i+1)
		if c.elseIf {
			p.at = c.start + len("#{elseif")
			if next.when, ok = p.condition(); !ok {
				return t, false
			}
		}
		next.body = p.template()
		t.branches = append(t.branches, next)
	}
	return t, true
}

// loop parses a loop after its word.
func (p *parser) loop() (t token, ok bool) {
	l := &loop{}
	p.skipSpace()
	in := p.in()
	if in < 0 {
		return t, false
	}
	variable := *p
	variable.end = in
	l.variable = variable.identifier()
	if variable.skipSpace(); l.variable == "" || variable.at != variable.end {
		return t, false
	}
	p.at = in + len(" in ")
	p.skipSpace()
	if l.collection, ok = p.name(); !ok {
		return t, false
	}
	if p.skipSpace(); !p.take("}") {
		return t, false
	}
	l.body = p.template()
	return token{kind: repetition, loop: l}, true
}

// in finds the word in of a loop, and returns the offset of the blank before it, or -1.
func (p *parser) in() int {
	header := p.text[p.at:min(p.end, p.at+maxIdentifier)]
	for i := 0; i+len(" in ") <= len(header); i++ {
		if isBlank(header[i]) && strings.EqualFold(header[i+1:i+3], "in") && isBlank(header[i+3]) {
			return p.at + i
		}
	}
	return -1
}

// condition parses a condition with the } after it.
func (p *parser) condition() (c *condition, ok bool) {
	c = &condition{}
	if c.left, ok = p.operand(); !ok {
		return nil, false
	}
	p.skipSpace()
	for _, operator := range [...]string{"==", "!="} {
		if p.take(operator) {
			c.operator = operator
		}
	}
	if c.operator != "" {
		if c.right, ok = p.operand(); !ok || c.left.content == nil && c.right.content == nil {
			return nil, false
		}
		p.skipSpace()
	}
	return c, p.take("}") && (c.operator != "" || c.left.content != nil)
}

func (p *parser) operand() (o operand, ok bool) {
	p.skipSpace()
	if c := p.peek(); c == '"' || c == '\\' {
		o.text, ok = p.quoted()
		return o, ok
	}
	o.content, ok = p.content()
	return o, ok
}
