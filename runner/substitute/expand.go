package substitute

import (
	"context"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// expander is one call of Expand.
type expander struct {
	ctx    context.Context //nolint:containedctx // an expander is one call
	budget *Budget
	vars   Variables
	values map[string]*value
	json   map[string]*node
	inside int // members of JSON values parsed so far
	result Result
	chain  []string // the variables whose values are being expanded, as written
	at     position // of the current expression in the text
}

// value is an expanded variable. Its references have no position, so that every use can report them.
type value struct {
	text      string
	sensitive bool
	expanding bool
	refs      []pending
	seen      map[pending]bool // the set of refs
}

// pending is a reference whose position in the text is not known yet.
type pending struct {
	kind refKind
	name string
	in   string
}

type refKind uint8

const (
	undefined refKind = iota
	sensitive
	unparsed
)

type position struct{ line, column int }

func (e *expander) text(text string) (string, error) {
	var out strings.Builder
	out.Grow(len(text) + len(text)/8)
	where := counter{text: text, position: position{1, 1}}
	for s := range segments(text) {
		if s.kind == literal {
			if err := e.write(&out, s.literal); err != nil {
				return "", err
			}
			continue
		}
		e.at = where.to(s.start)
		if s.kind == bad {
			if err := e.budget.work(e.ctx, 1, e.at); err != nil {
				return "", err
			}
			if len(e.result.Unparsed) < MaxReferences {
				e.report(pending{kind: unparsed, name: restOfLine(text[s.start+len("#{"):])})
			}
			if err := e.write(&out, s.literal); err != nil {
				return "", err
			}
			continue
		}
		if s.expr.construct != "" {
			return "", notSupported(s.expr.construct, e.at, "")
		}
		v, ok, err := e.evaluate(text, s.expr)
		switch {
		case err != nil:
			return "", err
		case !ok:
			e.report(pending{kind: undefined, name: s.expr.written(text)})
			err = e.write(&out, text[s.start:s.expr.end])
		default:
			for _, p := range v.refs {
				e.report(p)
			}
			e.result.Sensitive = e.result.Sensitive || v.sensitive
			err = e.write(&out, v.text)
		}
		if err != nil {
			return "", err
		}
	}
	return out.String(), nil
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

func (e *expander) report(p pending) {
	list := &e.result.Undefined
	switch p.kind {
	case sensitive:
		list = &e.result.Sensitives
	case unparsed:
		list = &e.result.Unparsed
	}
	if len(*list) < MaxReferences {
		*list = append(*list, Reference{Name: p.name, Line: e.at.line, Column: e.at.column, In: p.in})
	}
}

// evaluate returns the value of an expression in text; ok is false if it has none.
func (e *expander) evaluate(text string, x expression) (v *value, ok bool, err error) {
	if err := e.budget.work(e.ctx, 1, e.at); err != nil {
		return nil, false, err
	}
	if v, ok, err = e.find(text, x); !ok || err != nil {
		return nil, false, err
	}
	return v, true, e.budget.work(e.ctx, len(v.refs), e.at) // the caller visits each
}

func (e *expander) find(text string, x expression) (v *value, ok bool, err error) {
	r, ok, err := e.resolve(text, x)
	if !ok || err != nil {
		return nil, false, err
	}
	if v, ok, err = e.variable(r.prefix(len(r.keys)), x.written(text)); !ok && err == nil {
		v, ok, err = e.jsonPath(text, x, r)
	}
	if !ok || err != nil || !r.sensitive || v.sensitive {
		return v, ok, err
	}
	return &value{text: v.text, sensitive: true, refs: append(r.refs, v.refs...)}, true,
		nil // the chosen value reveals something about the secret
}

// resolved is a name whose nested expressions are expanded.
type resolved struct {
	name string
	ends []int    // of each step in name
	keys []string // the steps without dots and brackets

	sensitive bool // it contains a sensitive value, by refs
	refs      []pending
}

func (r resolved) prefix(steps int) string { return r.name[:r.ends[steps-1]] }

// resolve expands the nested expressions of a name; ok is false if one of them has no value.
func (e *expander) resolve(text string, x expression) (r resolved, ok bool, err error) {
	var name strings.Builder
	for i, s := range x.steps {
		var key strings.Builder
		for _, p := range s.parts {
			if p.nested == nil {
				key.WriteString(p.text)
				continue
			}
			v, ok, err := e.evaluate(text, *p.nested)
			if !ok || err != nil {
				return r, false, err
			}
			if v.hasUndefined() {
				return r, false, nil
			}
			if v.sensitive {
				r.sensitive, r.refs = true, append(r.refs, v.refs...)
			}
			if err := e.write(&key, v.text); err != nil {
				return r, false, err
			}
			if name.Len()+key.Len() > MaxText {
				return r, false, tooLong(e.at)
			}
		}
		switch {
		case s.index:
			name.WriteString("[" + key.String() + "]")
		case i > 0:
			name.WriteString("." + key.String())
		default:
			name.WriteString(key.String())
		}
		r.ends = append(r.ends, name.Len())
		r.keys = append(r.keys, key.String())
	}
	r.name = name.String()
	return r, true, nil
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
	v = &value{text: raw, sensitive: isSensitive, expanding: true}
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

// expandValue expands the value of the variable at the end of the chain. A value with a #{ that doesn't begin an
// expression is used unchanged: it is more likely a password than a template.
func (e *expander) expandValue(v *value) error {
	raw, in := v.text, e.holder()
	if !strings.Contains(raw, "#{") {
		return nil
	}
	for s := range segments(raw) {
		if s.kind == bad {
			v.add(pending{kind: unparsed, in: in})
			return nil
		}
	}
	var out strings.Builder
	for s := range segments(raw) {
		if s.kind == literal {
			if err := e.write(&out, s.literal); err != nil {
				return err
			}
			continue
		}
		if s.expr.construct != "" {
			return notSupported(s.expr.construct, e.at, in)
		}
		inner, ok, err := e.evaluate(raw, s.expr)
		switch {
		case err != nil:
			return err
		case !ok:
			p := pending{kind: undefined, name: s.expr.written(raw), in: in}
			if v.sensitive {
				p.name = "" // what looks like an expression may be part of the secret
			}
			v.add(p)
			err = e.write(&out, raw[s.start:s.expr.end])
		default:
			v.sensitive = v.sensitive || inner.sensitive
			for _, p := range inner.refs {
				if p.in == "" {
					p.in = in
				}
				v.add(p)
			}
			err = e.write(&out, inner.text)
		}
		if err != nil {
			return err
		}
	}
	v.text = out.String()
	return nil
}

// holder returns the variable whose value is being expanded, or "" for the text itself.
func (e *expander) holder() string {
	if len(e.chain) == 0 {
		return ""
	}
	return e.chain[len(e.chain)-1]
}

func (e *expander) cycle(written string) error {
	chain := strings.Join(append(e.chain, written), " → ")
	return model.NewError("substitute.circle", "These variables refer to each other in a cycle: %s (line %d). Change one of them.",
		chain, e.at.line)
}

func (v *value) add(p pending) {
	if len(v.refs) >= MaxReferences || v.seen[p] {
		return
	}
	if v.seen == nil {
		v.seen = map[pending]bool{}
	}
	v.seen[p] = true
	v.refs = append(v.refs, p)
}

func (v *value) hasUndefined() bool {
	for _, p := range v.refs {
		if p.kind == undefined {
			return true
		}
	}
	return false
}
