// Package substitute writes the values of variables where a text holds #{...} expressions.
//
// An expression is the name of a variable, #{Name}; names hold letters, digits, blanks and . - _ : / ~ ( ), and indexes
// in brackets, which may be expressions themselves: #{Account[#{Which}].Id}. A variable whose value is JSON answers for
// the paths below it, #{Json.list[2].key}, unless a variable of that very name exists. ##{ stands for #{ itself. Values
// are expanded like the text. Source of the behaviour: Octostache, as recorded in testdata.
//
// Whatever is not such an expression stays as it stands and is reported: scripts hold a #{ of their own now and then.
// Conditions, loops, calculations and filters are known and refused.
package substitute

import (
	"strings"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// MaxText is the longest text that Expand makes, in bytes: values that repeat each other grow without measure.
const MaxText = 32 << 20

// maxChain is how many values may hold one another.
const maxChain = 500

// Variables are the values that a text can name. Whoever implements it decides which names are the same; Octopus, and
// so Stepdeck, takes no account of case.
type Variables interface {
	Lookup(name string) (value string, sensitive, ok bool)
}

// MaxReferences is how many places of a kind Expand reports; nobody reads more.
const MaxReferences = 1000

// Reference is a place in the text that a person may have to look at.
type Reference struct {
	Name   string // as written, without #{ and }; empty where it would tell a part of a sensitive value
	Line   int    // of the text, from 1
	Column int    // in characters, from 1
	In     string // the variable whose value holds it; empty: the text itself does
}

// Result is an expanded text and what there is to know of it.
type Result struct {
	Text       string
	Sensitive  bool        // a sensitive value stands in Text
	Undefined  []Reference // expressions without a value; they stand in Text as they were
	Sensitives []Reference // sensitive variables whose value stands in Text
	Unparsed   []Reference // #{ that begins no expression; Name is the text that follows, up to the end of its line
}

// Expand writes the values of vars into text. An error is a *model.Error: values that hold each other in a circle, a
// construct that is not supported yet, or a text beyond MaxText. References inside a value have the line and column of
// the expression in the text that led there.
func Expand(text string, vars Variables) (Result, error) {
	if !strings.Contains(text, "#{") {
		return Result{Text: text}, nil
	}
	e := expander{vars: vars, values: map[string]*value{}, json: map[string]*node{}}
	out, err := e.text(text)
	if err != nil {
		return Result{}, err
	}
	e.result.Text = out
	return e.result, nil
}

// RefName tells whether text is exactly one expression that is a name without any nested expression, such as #{V}, and
// which name that is.
func RefName(text string) (name string, ok bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "#{") {
		return "", false
	}
	x, bad := parseExpression(text, 0, 0)
	if bad || x.end != len(text) || x.construct != "" {
		return "", false
	}
	return x.plainName()
}

// expander is one call of Expand.
type expander struct {
	vars   Variables
	values map[string]*value
	json   map[string]*node
	result Result
	chain  []string // the variables whose values are being expanded, as written
	at     place    // of the expression in the text
}

// value is what a variable's value became. It keeps its references without place, so that every use can report them.
type value struct {
	text      string
	sensitive bool
	busy      bool
	refs      []pending
}

// pending is a reference that waits for the place in the text where its value is used.
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

type place struct{ line, column int }

func (e *expander) text(text string) (string, error) {
	var out strings.Builder
	out.Grow(len(text) + len(text)/8)
	where := counter{text: text, place: place{1, 1}}
	for s := range segments(text) {
		if s.kind == literal {
			out.WriteString(s.literal)
			continue
		}
		e.at = where.to(s.start)
		if s.kind == bad {
			if len(e.result.Unparsed) < MaxReferences {
				e.report(pending{kind: unparsed, name: restOfLine(text[s.start+len("#{"):])})
			}
			out.WriteString(s.literal)
			continue
		}
		if s.expr.construct != "" {
			return "", later(s.expr.construct, e.at, "")
		}
		v, ok, err := e.evaluate(text, s.expr)
		switch {
		case err != nil:
			return "", err
		case !ok:
			e.report(pending{kind: undefined, name: s.expr.written(text)})
			out.WriteString(text[s.start:s.expr.end])
		default:
			for _, p := range v.refs {
				e.report(p)
			}
			e.result.Sensitive = e.result.Sensitive || v.sensitive
			out.WriteString(v.text)
		}
		if out.Len() > MaxText {
			return "", tooLong(e.at)
		}
	}
	return out.String(), nil
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

// evaluate gives the value of an expression that stands in text; ok is false where it has none.
func (e *expander) evaluate(text string, x expression) (v *value, ok bool, err error) {
	r, ok, err := e.resolve(text, x)
	if !ok || err != nil {
		return nil, false, err
	}
	if v, ok, err = e.variable(r.prefix(len(r.keys)), x.written(text)); ok || err != nil {
		return v, ok, err
	}
	return e.jsonPath(text, x, r)
}

// resolved is a name whose nested expressions are written out.
type resolved struct {
	name string
	ends []int    // of each step in name
	keys []string // the steps without dots and brackets
}

func (r resolved) prefix(steps int) string { return r.name[:r.ends[steps-1]] }

// resolve writes out the nested expressions of a name; ok is false where one of them has no value.
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
			key.WriteString(v.text)
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

// variable gives the expanded value of the variable called name; written is how the text calls it, which never shows
// what a nested expression stood for.
func (e *expander) variable(name, written string) (v *value, ok bool, err error) {
	if v := e.values[name]; v != nil {
		if v.busy {
			return nil, false, e.circle(written)
		}
		return v, true, nil
	}
	raw, isSensitive, ok := e.vars.Lookup(name)
	if !ok {
		return nil, false, nil
	}
	v = &value{text: raw, sensitive: isSensitive, busy: true}
	e.values[name] = v
	if isSensitive {
		v.add(pending{kind: sensitive, name: written})
	}
	e.chain = append(e.chain, written)
	if len(e.chain) > maxChain {
		return nil, false, model.NewError("substitute.deep", "The variable %q on line %d leads through more than %d other variables. Shorten the chain of values that hold one another.", e.chain[0], e.at.line, maxChain)
	}
	if err := e.expandValue(v); err != nil {
		return nil, false, err
	}
	v.busy = false
	e.chain = e.chain[:len(e.chain)-1]
	return v, true, nil
}

// expandValue expands the value of the variable at the end of the chain. A value with a #{ that begins no expression is
// taken as it is, all of it: it is more likely a password than a template.
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
			out.WriteString(s.literal)
			continue
		}
		if s.expr.construct != "" {
			return later(s.expr.construct, e.at, in)
		}
		inner, ok, err := e.evaluate(raw, s.expr)
		switch {
		case err != nil:
			return err
		case !ok:
			p := pending{kind: undefined, name: s.expr.written(raw), in: in}
			if v.sensitive {
				p.name = "" // what looks like an expression may be a part of the secret
			}
			v.add(p)
			out.WriteString(raw[s.start:s.expr.end])
		default:
			v.sensitive = v.sensitive || inner.sensitive
			for _, p := range inner.refs {
				if p.in == "" {
					p.in = in
				}
				v.add(p)
			}
			out.WriteString(inner.text)
		}
		if out.Len() > MaxText {
			return tooLong(e.at)
		}
	}
	v.text = out.String()
	return nil
}

// holder is the variable whose value is being expanded, empty for the text itself.
func (e *expander) holder() string {
	if len(e.chain) == 0 {
		return ""
	}
	return e.chain[len(e.chain)-1]
}

func (e *expander) circle(written string) error {
	chain := strings.Join(append(e.chain, written), " → ")
	return model.NewError("substitute.circle", "The values of these variables hold one another, so there is no end: %s (line %d). Change one of them.", chain, e.at.line)
}

func (v *value) add(p pending) {
	for _, have := range v.refs {
		if have == p {
			return
		}
	}
	if len(v.refs) < MaxReferences {
		v.refs = append(v.refs, p)
	}
}

func (v *value) hasUndefined() bool {
	for _, p := range v.refs {
		if p.kind == undefined {
			return true
		}
	}
	return false
}

func later(construct string, at place, in string) error {
	if in != "" {
		return model.NewError("substitute.later", "Line %d: the value of variable %q uses %s, which this version of Stepdeck can't work out. Write the value out, or do it in the script.", at.line, in, construct)
	}
	return model.NewError("substitute.later", "Line %d uses %s, which this version of Stepdeck can't work out. Do it in the script, or write ##{ where #{ itself is meant.", at.line, construct)
}

func tooLong(at place) error {
	return model.NewError("substitute.long", "The text grows beyond %d MiB at the expression on line %d. Look at the values it leads to: they repeat one another.", MaxText>>20, at.line)
}

// counter turns offsets, asked for in ascending order, into lines and columns.
type counter struct {
	text   string
	offset int
	place  place
}

func (c *counter) to(offset int) place {
	between := c.text[c.offset:offset]
	if n := strings.Count(between, "\n"); n > 0 {
		c.place = place{c.place.line + n, 1}
		between = between[strings.LastIndexByte(between, '\n')+1:]
	}
	c.place.column += utf8.RuneCountInString(between)
	c.offset = offset
	return c.place
}

func restOfLine(text string) string {
	const most = 40 // characters: enough to find it
	n := 0
	for i, r := range text {
		if r == '\n' || r == '\r' || n == most {
			return text[:i]
		}
		n++
	}
	return text
}
