package substitute

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// local is the current item of a loop, with those of the loops around it.
type local struct {
	outer *local
	key   string // the key of the variable's name
	item  item
	index int
	last  bool
}

// item is an element of a collection: a text or JSON value, a member of a JSON object, or what is below an indexed name.
type item struct {
	value *value    // nil: what is below above
	node  *node     // the JSON value; of a member its value
	pair  bool      // it is a member; value is its key
	above *resolved // the indexed name
}

// eachNames is what the names begin with that a loop sets.
const eachNames = "octopus.template.each."

// inLoops looks a name up in the loops around an expression; ok is false if none of them has it.
func (e *expander) inLoops(n *name, r *resolved, l *local) (v *value, ok bool, err error) {
	if l == nil {
		return nil, false, nil
	}
	if special, known := l.special(model.NameKey(r.name)); known {
		return &value{text: special}, true, nil
	}
	for first := model.NameKey(r.keys[0]); l != nil; l = l.outer {
		if l.key != first {
			continue
		}
		if v, ok, err = e.ofItem(n, r, l.item); ok || err != nil {
			return v, ok, err
		}
	}
	return nil, false, nil
}

// special returns the value of a name that a loop sets.
func (l *local) special(key string) (text string, known bool) {
	part, known := strings.CutPrefix(key, eachNames)
	if !known {
		return "", false
	}
	switch part {
	case "index":
		return strconv.Itoa(l.index), true
	case "first":
		return truth(l.index == 0), true
	case "last":
		return truth(l.last), true
	}
	return "", false
}

func truth(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

// ofItem returns what a name that begins with a loop's variable stands for.
func (e *expander) ofItem(n *name, r *resolved, i item) (v *value, ok bool, err error) {
	rest := r.keys[1:]
	switch {
	case i.above != nil:
		return e.named(n, r.below(i.above, 1))
	case len(rest) == 0:
		e.secretPart("", i.value)
		return i.value, true, nil
	case i.pair && len(rest) == 1 && strings.EqualFold(rest[0], "Key"):
		return i.value, true, nil
	case i.pair && !strings.EqualFold(rest[0], "Value"):
		return nil, false, nil
	case i.pair:
		rest = rest[1:]
	}
	return e.inside(i.value, i.node, rest)
}

// items returns the elements of a collection: of a JSON value, of a list with commas, or the names with an index.
func (e *expander) items(n *name, f frame) ([]item, error) {
	r, ok, err := e.resolve(n, f)
	if !ok || err != nil {
		return nil, err
	}
	v, ok, err := e.lookup(n, r, f)
	switch {
	case err != nil:
		return nil, err
	case ok:
		e.collect(f, v.refs, false)
		return e.elements(v)
	}
	if f.locals != nil {
		if above := f.locals.above(r); above != nil {
			r = above
		}
	}
	return e.indexed(r)
}

// above returns the name of what is below a loop's variable, or nil.
func (l *local) above(r *resolved) *resolved {
	for first := model.NameKey(r.keys[0]); l != nil; l = l.outer {
		if l.key == first && l.item.above != nil {
			return r.below(l.item.above, 1)
		}
	}
	return nil
}

// indexed returns the indexed names below a name.
func (e *expander) indexed(r *resolved) ([]item, error) {
	list, err := e.below(r.name)
	if err != nil {
		return nil, err
	}
	items := make([]item, 0, len(list))
	for _, index := range list {
		above := &resolved{name: r.name, ends: r.ends[:len(r.ends):len(r.ends)], keys: r.keys[:len(r.keys):len(r.keys)]}
		above.add(index, true)
		items = append(items, item{above: above})
	}
	return items, nil
}

// elements splits a value.
func (e *expander) elements(v *value) ([]item, error) {
	root := &node{raw: json.RawMessage(v.text)}
	if text := strings.TrimSpace(v.text); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		if err := e.open(root); err != nil {
			return nil, err
		}
	} else if err := e.budget.work(e.ctx, strings.Count(text, ","), e.at); err != nil {
		return nil, err
	}
	var items []item
	part := func(text string, n *node, pair bool) {
		items = append(items, item{value: &value{text: text, sensitive: v.sensitive, refs: v.refs}, node: n, pair: pair})
	}
	switch {
	case v.sensitive && strings.Contains(v.text, Hidden):
		part(Hidden, &node{raw: json.RawMessage(Hidden)}, false)
	case root.object != nil:
		for _, key := range root.keys {
			part(key, root.object[key], true)
		}
	case root.array != nil:
		for _, n := range root.array {
			part(n.text(), n, false)
		}
	default:
		for text := range strings.SplitSeq(v.text, ",") {
			part(text, &node{raw: json.RawMessage(text)}, false)
		}
	}
	return items, nil
}
