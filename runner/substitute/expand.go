package substitute

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// expander is one call of Expand.
type expander struct {
	ctx     context.Context //nolint:containedctx // an expander is one call
	budget  *Budget
	vars    Variables
	now     time.Time
	values  map[string]*value
	json    map[string]*node
	indexes indexes // nil: not needed yet
	members int     // of JSON values and lists parsed so far
	result  Result
	seen    map[seenReference]bool // the references in result
	chain   []string               // the variables whose values are being expanded, as written
	at      position               // of the current expression in the text
}

// template expands tokens.
func (e *expander) template(out *strings.Builder, tokens []token, f frame) error {
	for i := range tokens {
		if err := e.token(out, &tokens[i], f); err != nil {
			return err
		}
	}
	return nil
}

func (e *expander) token(out *strings.Builder, t *token, f frame) error {
	if t.kind == literal {
		return e.write(out, t.text)
	}
	if t.at.line > 0 {
		e.at = t.at
	}
	switch t.kind {
	case substitution:
		return e.substitution(out, t.content, f)
	case conditional:
		return e.conditional(out, t, f)
	case repetition:
		return e.repetition(out, t.loop, f)
	case calculation:
		return e.calculation(out, t.sum, f)
	}
	if err := e.budget.work(e.ctx, 1, e.at); err != nil {
		return err
	}
	e.add(f, pending{kind: unparsed, name: t.rest, why: t.why})
	return e.write(out, t.text)
}

// write appends a piece to a text.
func (e *expander) write(out *strings.Builder, piece string) error {
	if out.Len()+len(piece) > MaxText {
		return tooLong(e.at)
	}
	if err := e.budget.write(len(piece), e.at); err != nil {
		return err
	}
	out.WriteString(piece)
	return nil
}

// substitution writes the value of a content, or the content as it is.
func (e *expander) substitution(out *strings.Builder, c *content, f frame) error {
	o, err := e.content(c, f)
	if err != nil {
		return err
	}
	if !o.ok() {
		e.add(f, o.fault)
		return e.write(out, "#{"+c.written()+"}")
	}
	e.collect(f, o.value.refs, true)
	if o.value.sensitive {
		e.mark(f)
	}
	return e.write(out, o.value.text)
}

// outcome is what a content comes to: a value, or why there is none.
type outcome struct {
	value *value
	fault pending
}

func (o outcome) ok() bool { return o.value != nil }

// content evaluates a content.
func (e *expander) content(c *content, f frame) (outcome, error) {
	if err := e.budget.work(e.ctx, 1, e.at); err != nil {
		return outcome{}, err
	}
	var o outcome
	if c.name != nil {
		v, ok, err := e.find(c.name, f)
		if err != nil {
			return outcome{}, err
		}
		if ok {
			o.value = v
			if err := e.budget.work(e.ctx, len(v.refs), e.at); err != nil { // the caller visits each
				return outcome{}, err
			}
		} else {
			o.fault = pending{kind: undefined, name: c.name.written(len(c.name.steps))}
		}
	}
	for i := range c.filters {
		var err error
		if o, err = e.filter(&c.filters[i], o, f); err != nil {
			return outcome{}, err
		}
	}
	if !o.ok() && len(c.filters) > 0 {
		o.fault.expression = c.written()
	}
	return o, nil
}

// find returns the value of a name; ok is false if it has none.
func (e *expander) find(n *name, f frame) (v *value, ok bool, err error) {
	r, ok, err := e.resolve(n, f)
	if !ok || err != nil {
		return nil, false, err
	}
	if v, ok, err = e.lookup(n, r, f); !ok || err != nil || !r.sensitive || v.sensitive {
		return v, ok, err
	}
	// The chosen value reveals something about the secret.
	return &value{text: v.text, sensitive: true, refs: append(slices.Clone(r.refs), v.refs...)}, true, nil
}

func (e *expander) lookup(n *name, r *resolved, f frame) (v *value, ok bool, err error) {
	if v, ok, err = e.inLoops(n, r, f.locals); ok || err != nil {
		return v, ok, err
	}
	return e.named(n, r)
}

// named looks a name up among the variables: as one of them, as a path into one, or as an index that names of variables have.
func (e *expander) named(n *name, r *resolved) (v *value, ok bool, err error) {
	if v, ok, err = e.variable(r.name, n.written(min(len(r.keys), len(n.steps)))); ok || err != nil {
		return v, ok, err
	}
	if v, ok, err = e.jsonPath(n, r); ok || err != nil {
		return v, ok, err
	}
	last := len(r.keys) - 1
	if last == 0 || !strings.HasSuffix(r.name, "]") {
		return nil, false, nil
	}
	list, err := e.below(r.prefix(last))
	for _, index := range list {
		if model.NameKey(index) == model.NameKey(r.keys[last]) {
			return &value{text: index}, true, nil
		}
	}
	return nil, false, err
}

// variable returns the expanded value of the variable called name; written is its name in the text, which never shows
// the value of a nested expression.
func (e *expander) variable(name, written string) (v *value, ok bool, err error) {
	if v := e.values[name]; v != nil {
		if v.expanding {
			return nil, false, e.cycle(written)
		}
		return v, true, nil
	}
	raw, isSensitive, ok := e.vars.Lookup(name)
	if !ok {
		return nil, false, nil
	}
	v = &value{text: raw, sensitive: isSensitive, secret: isSensitive, expanding: true}
	e.values[name] = v
	if isSensitive {
		v.add(pending{kind: sensitive, name: written})
	}
	e.chain = append(e.chain, written)
	if len(e.chain) > maxChain {
		return nil, false,
			model.NewError("substitute.deep",
				"The variable %q on line %d leads through more than %d other variables. Shorten the chain of variables that refer to each other.",
				e.chain[0], e.at.line, maxChain)
	}
	if err := e.expandValue(v); err != nil {
		return nil, false, err
	}
	v.expanding = false
	e.chain = e.chain[:len(e.chain)-1]
	return v, true, nil
}

// expandValue expands the value of the variable at the end of the chain. A value with a malformed expression is used
// unchanged: it is more likely a password than a template.
func (e *expander) expandValue(v *value) error {
	if !strings.Contains(v.text, "#{") {
		return nil
	}
	p := newParser(v.text)
	tokens := p.template()
	if *p.left < 0 {
		return e.budget.tooMany(e.at)
	}
	f := frame{value: v}
	if bad := firstMalformed(tokens); bad != nil {
		e.add(f, pending{kind: unparsed, name: bad.rest, why: bad.why})
		return nil
	}
	var out strings.Builder
	if err := e.template(&out, tokens, f); err != nil {
		return err
	}
	v.text = out.String()
	return nil
}

// firstMalformed returns the first malformed expression in a text and its blocks, or nil.
func firstMalformed(tokens []token) *token {
	for i := range tokens {
		t := &tokens[i]
		if t.kind == malformed {
			return t
		}
		for _, b := range t.branches {
			if bad := firstMalformed(b.body); bad != nil {
				return bad
			}
		}
		if t.loop != nil {
			if bad := firstMalformed(t.loop.body); bad != nil {
				return bad
			}
		}
	}
	return nil
}

func (e *expander) cycle(written string) error {
	chain := strings.Join(append(e.chain, written), " → ")
	return model.NewError("substitute.circle", "These variables refer to each other in a cycle: %s (line %d). Change one of them.",
		chain, e.at.line)
}
