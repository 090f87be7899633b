package substitute

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// conditional expands an if or unless.
func (e *expander) conditional(out *strings.Builder, t *token, f frame) error {
	for i := range t.branches {
		b := &t.branches[i]
		if b.when == nil {
			return e.template(out, b.body, f)
		}
		v, err := e.verdict(b.when, f)
		switch {
		case err != nil:
			return err
		case v.fault != nil:
			e.add(f, *v.fault)
			return e.write(out, t.text)
		case v.hidden:
			e.mark(f)
			return e.write(out, Hidden)
		}
		if v.sensitive {
			e.mark(f) // what is chosen reveals something about the secret
		}
		if v.holds {
			return e.template(out, b.body, f)
		}
	}
	return nil
}

// verdict is what a condition comes to.
type verdict struct {
	holds     bool
	sensitive bool
	hidden    bool     // it depends on a value that is not known
	fault     *pending // why it can't be decided
}

func (e *expander) verdict(c *condition, f frame) (v verdict, err error) {
	if err := e.budget.work(e.ctx, 1, e.at); err != nil {
		return v, err
	}
	left, err := e.operand(c.left, f, &v)
	if err != nil || v.fault != nil {
		return v, err
	}
	if c.operator == "" {
		// That a secret is there is no secret.
		if len(c.left.content.filters) == 0 {
			v.sensitive, v.hidden = false, false
		}
		v.holds = isTrue(left) != c.negated
		return v, nil
	}
	right, err := e.operand(c.right, f, &v)
	v.holds = (left == right) == (c.operator == "==") != c.negated
	return v, err
}

// isTrue reports whether a value counts as true.
func isTrue(text string) bool {
	word := strings.TrimSpace(text)
	return text != "" && text != "0" && !strings.EqualFold(word, "no") && !strings.EqualFold(word, "false")
}

// operand returns the text of an operand. A name without a value is empty.
func (e *expander) operand(o operand, f frame, v *verdict) (string, error) {
	if o.content == nil {
		return o.text, nil
	}
	result, err := e.content(o.content, f)
	switch {
	case err != nil:
		return "", err
	case !result.ok() && len(o.content.filters) == 0:
		e.add(f, pending{kind: absent, name: result.fault.name})
		return "", nil
	case !result.ok():
		v.fault = &result.fault
		return "", nil
	}
	e.collect(f, result.value.refs, false)
	if result.value.sensitive {
		v.sensitive = true
		v.hidden = v.hidden || strings.Contains(result.value.text, Hidden)
	}
	return result.value.text, nil
}

// repetition expands an each.
func (e *expander) repetition(out *strings.Builder, l *loop, f frame) error {
	if err := e.budget.work(e.ctx, 1, e.at); err != nil {
		return err
	}
	items, err := e.items(l.collection, f)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		e.add(f, pending{kind: absent, name: l.collection.written(len(l.collection.steps))})
	}
	here := local{outer: f.locals, key: model.NameKey(l.variable)}
	for i, item := range items {
		if err := e.budget.work(e.ctx, 1, e.at); err != nil {
			return err
		}
		here.item, here.index, here.last = item, i, i == len(items)-1
		if err := e.template(out, l.body, frame{value: f.value, locals: &here}); err != nil {
			return err
		}
	}
	return nil
}

// calculation writes the result of a calculation, or the calculation as it is.
func (e *expander) calculation(out *strings.Builder, s *sum, f frame) error {
	var why *pending
	hidden := false
	result, fault, err := s.calculate(func(n *name) (float64, bool, error) {
		v, p, err := e.term(n, f)
		if err != nil || p != nil {
			why = p
			return 0, false, err
		}
		hidden = hidden || v.sensitive && v.text == Hidden
		number, ok := filters.ParseNumber(v.text)
		if !ok && !hidden {
			why = &pending{kind: unapplied, name: n.written(len(n.steps)), why: "the value of " + n.written(len(n.steps)) + " is not a number"}
		}
		return number, ok || hidden, nil
	})
	switch {
	case err != nil:
		return err
	case hidden:
		return e.write(out, Hidden)
	case fault == nil:
		return e.write(out, filters.Number(result))
	case why == nil:
		why = &pending{kind: unapplied, why: "it divides by zero, or the result is too large"}
	}
	why.expression = s.written()
	e.add(f, *why)
	return e.write(out, "#{"+s.written()+"}")
}

// term returns the value of a name in a calculation, or why it has none.
func (e *expander) term(n *name, f frame) (v *value, why *pending, err error) {
	o, err := e.content(&content{name: n}, f)
	if err != nil || !o.ok() {
		return nil, &o.fault, err
	}
	e.collect(f, o.value.refs, true)
	if o.value.sensitive {
		e.mark(f)
	}
	return o.value, nil, nil
}
