package substitute

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// resolved is a name whose nested expressions are expanded.
type resolved struct {
	name string
	ends []int    // of each step in name
	keys []string // the steps without dots and brackets

	sensitive bool // it contains a sensitive value, by refs
	refs      []pending
}

func (r *resolved) prefix(steps int) string { return r.name[:r.ends[steps-1]] }

// add appends a step.
func (r *resolved) add(key string, index bool) {
	switch {
	case index:
		r.name += "[" + key + "]"
	case r.name != "":
		r.name += "." + key
	default:
		r.name = key
	}
	r.ends = append(r.ends, len(r.name))
	r.keys = append(r.keys, key)
}

// below returns the name of what is at the steps from a number on, below another name.
func (r *resolved) below(above *resolved, from int) *resolved {
	joined := &resolved{name: above.name + r.name[r.ends[from-1]:], ends: slices.Clone(above.ends), keys: slices.Clone(above.keys)}
	for _, end := range r.ends[from:] {
		joined.ends = append(joined.ends, len(above.name)+end-r.ends[from-1])
	}
	joined.keys = append(joined.keys, r.keys[from:]...)
	joined.sensitive, joined.refs = r.sensitive, r.refs
	return joined
}

// resolvePlain returns the name if no part of it is an expression.
func (n *name) resolvePlain() *resolved {
	r := &resolved{ends: make([]int, 0, len(n.steps)), keys: make([]string, 0, len(n.steps))}
	for _, s := range n.steps {
		key := ""
		for _, p := range s.parts {
			if p.nested != nil {
				return nil
			}
			key += p.text
		}
		r.add(key, s.index)
	}
	return r
}

// resolve expands the nested expressions of a name; ok is false if one of them has no value.
func (e *expander) resolve(n *name, f frame) (r *resolved, ok bool, err error) {
	if n.plain != nil {
		return n.plain, true, nil
	}
	r = &resolved{}
	for _, s := range n.steps {
		var key strings.Builder
		for _, p := range s.parts {
			if p.nested == nil {
				key.WriteString(p.text)
				continue
			}
			v, ok, err := e.inIndex(p.nested, f, r)
			if !ok || err != nil {
				return nil, false, err
			}
			if err := e.write(&key, v); err != nil {
				return nil, false, err
			}
		}
		if len(r.name)+key.Len() > MaxText {
			return nil, false, tooLong(e.at)
		}
		r.add(key.String(), s.index)
	}
	return r, true, nil
}

// inIndex returns the value of an expression in the index of a name.
func (e *expander) inIndex(c *content, f frame, r *resolved) (text string, ok bool, err error) {
	o, err := e.content(c, f)
	if err != nil || !o.ok() || o.value.hasUndefined() {
		return "", false, err
	}
	if o.value.sensitive {
		r.sensitive, r.refs = true, append(r.refs, o.value.refs...)
	}
	return o.value.text, true, nil
}

// indexes are the indexes of names with brackets, by what stands before the brackets: of Servers[0].Port the index 0, below
// servers.
type indexes map[string][]string

// below returns the indexes below a name, numbers first.
func (e *expander) below(name string) ([]string, error) {
	if e.indexes == nil {
		if err := e.findIndexes(); err != nil {
			return nil, err
		}
	}
	return e.indexes[model.NameKey(name)], nil
}

func (e *expander) findIndexes() error {
	e.indexes = indexes{}
	seen := map[string]bool{}
	count := 0
	for name := range e.vars.Names() {
		count++
		for at, index := range brackets(name) {
			above := model.NameKey(name[:at])
			if key := above + "[" + model.NameKey(index); !seen[key] {
				seen[key] = true
				e.indexes[above] = append(e.indexes[above], index)
			}
		}
	}
	for _, list := range e.indexes {
		slices.SortFunc(list, compareIndexes)
	}
	return e.budget.work(e.ctx, count/namesPerExpression, e.at)
}

// namesPerExpression is how many names of variables cost as much as one expression to look for indexes in.
const namesPerExpression = 16

// brackets yields the indexes of a name with the offsets of their brackets.
func brackets(name string) func(yield func(at int, index string) bool) {
	return func(yield func(int, string) bool) {
		depth, start := 0, 0
		for i := range len(name) {
			switch name[i] {
			case '[':
				if depth++; depth == 1 {
					start = i
				}
			case ']':
				if depth--; depth == 0 && !yield(start, strings.TrimSpace(name[start+1:i])) {
					return
				}
				depth = max(depth, 0)
			}
		}
	}
}

func compareIndexes(a, b string) int {
	m, errM := strconv.Atoi(a)
	n, errN := strconv.Atoi(b)
	switch {
	case errM == nil && errN == nil:
		return cmp.Compare(m, n)
	case errM == nil:
		return -1
	case errN == nil:
		return 1
	}
	return strings.Compare(model.NameKey(a), model.NameKey(b))
}
