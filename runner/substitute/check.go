package substitute

import (
	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// Check returns what can be said of a text without any values: expressions that are malformed, as in Unparsed of a [Result], and those
// with a filter that there isn't, which have an Expression. It returns at most MaxReferences.
func Check(text string) []Reference {
	c := checker{at: position{1, 1}}
	p := newParser(text)
	p.where = &counter{text: text, position: position{1, 1}}
	_ = p.each(func(t *token) error {
		c.token(t)
		return nil
	})
	return c.found
}

type checker struct {
	at    position
	found []Reference
}

func (c *checker) tokens(list []token) {
	for i := range list {
		c.token(&list[i])
	}
}

func (c *checker) token(t *token) {
	if t.at.line > 0 {
		c.at = t.at
	}
	if t.kind == malformed {
		c.add(Reference{Name: t.rest, Why: t.why})
	}
	c.content(t.content)
	for _, b := range t.branches {
		if b.when != nil {
			c.content(b.when.left.content)
			c.content(b.when.right.content)
		}
		c.tokens(b.body)
	}
	if t.loop != nil {
		c.tokens(t.loop.body)
	}
}

func (c *checker) content(x *content) {
	if x == nil {
		return
	}
	for _, f := range x.filters {
		if !filters.Known(f.name) {
			c.add(Reference{Expression: x.written(), Why: noFilter(f.name)})
		}
		c.tokens(f.options)
	}
}

func (c *checker) add(r Reference) {
	if len(c.found) < MaxReferences {
		r.Line, r.Column = c.at.line, c.at.column
		c.found = append(c.found, r)
	}
}
