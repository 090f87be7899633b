package substitute

import "strings"

type tokenKind uint8

const (
	literal tokenKind = iota
	substitution
	conditional
	repetition
	calculation
	malformed // an expression that is not one; text is what is left as it is
)

// token is a piece of a text.
type token struct {
	kind     tokenKind
	at       position // of the expression, if the text's positions are wanted
	text     string   // the literal, or the whole expression as it is
	rest     string   // of a malformed one: the line after its #{, shortened
	why      string   // what is wrong with a malformed one, if that is known
	content  *content
	branches []branch
	loop     *loop
	sum      *sum
}

// content is a name with filters: Name | ToUpper. The name may be missing.
type content struct {
	name    *name
	filters []filterCall
}

// filterCall is a filter with its options, each of which is a text or an expression.
type filterCall struct {
	name    string
	options []token
}

// name is a variable's name in an expression.
type name struct {
	steps []step
	plain *resolved // if there is no expression in it
}

// step is one part of a name: Account, [Prod], .Id.
type step struct {
	index bool
	parts []part
}

type part struct {
	text   string
	nested *content
}

// branch is a part of an if or unless: its body counts if the condition holds. An else has no condition.
type branch struct {
	when *condition
	body []token
}

// condition is an operand, or two of which one is not a text.
type condition struct {
	negated     bool // unless
	operator    string
	left, right operand
}

// operand is a content or a text.
type operand struct {
	content *content
	text    string
}

// loop is an each.
type loop struct {
	variable   string
	collection *name
	body       []token
}

// written returns the content as Octopus writes it.
func (c *content) written() string {
	var b strings.Builder
	if c.name != nil {
		b.WriteString(c.name.written(len(c.name.steps)))
	}
	for _, f := range c.filters {
		b.WriteString(" | " + f.name)
		for _, o := range f.options {
			if o.kind == literal {
				b.WriteString(` "` + o.text + `"`)
			} else {
				b.WriteString(" " + o.text)
			}
		}
	}
	return b.String()
}

// written returns the first steps of the name as in the text.
func (n *name) written(steps int) string {
	if n.plain != nil {
		return n.plain.prefix(steps)
	}
	var b strings.Builder
	for i, s := range n.steps[:steps] {
		switch {
		case s.index:
			b.WriteByte('[')
		case i > 0:
			b.WriteByte('.')
		}
		for _, p := range s.parts {
			if p.nested != nil {
				b.WriteString("#{" + p.nested.written() + "}")
			}
			b.WriteString(p.text)
		}
		if s.index {
			b.WriteByte(']')
		}
	}
	return b.String()
}
