package substitute

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// jsonPath resolves a name as a variable and a path into its JSON value. The longest prefix that is a variable counts.
func (e *expander) jsonPath(n *name, r *resolved) (v *value, ok bool, err error) {
	for steps := len(r.keys) - 1; steps > 0; steps-- {
		above := r.prefix(steps)
		if known := e.values[above]; known != nil && known.expanding {
			continue // a value that mentions names below its own is no circle
		}
		v, ok, err := e.variable(above, n.written(min(steps, len(n.steps))))
		if err != nil {
			return nil, false, err
		}
		if !ok {
			continue
		}
		root := e.json[above]
		if root == nil {
			root = &node{raw: json.RawMessage(v.text)}
			e.json[above] = root
		}
		return e.inside(v, root, r.keys[steps:])
	}
	return nil, false, nil
}

// inside returns what is at a path into a value.
func (e *expander) inside(v *value, root *node, keys []string) (found *value, ok bool, err error) {
	text, ok, err := e.path(root, keys)
	switch {
	case err != nil:
		return nil, false, err
	case v.sensitive && v.text == Hidden:
		text = Hidden
	case !ok:
		return nil, false, nil
	}
	found = &value{text: text, sensitive: v.sensitive, refs: v.refs}
	if len(keys) > 0 {
		e.secretPart(keys[len(keys)-1], found)
	}
	return found, true, nil
}

// maxMembers limits the members of JSON values that a text may parse: each takes far more memory than its length.
const maxMembers = 1_000_000

// jsonWork is how many bytes of JSON cost as much as one expression.
const jsonWork = 16 << 10

// open parses a JSON value.
func (e *expander) open(n *node) error {
	if n.parsed {
		return nil
	}
	if e.members += bytes.Count(n.raw, []byte(",")); e.members > maxMembers {
		return model.NewError("substitute.json",
			"The expression on line %d needs JSON with more than %d members. Extract the value in the script instead.",
			e.at.line, maxMembers)
	}
	n.parse()
	return e.budget.work(e.ctx, len(n.raw)/jsonWork, e.at)
}

// node is a JSON value, parsed when its contents are first needed.
type node struct {
	raw    json.RawMessage
	parsed bool
	object map[string]*node
	keys   []string // of the object, as written
	array  []*node
}

// path returns the text at the path keys. It is empty if an object lacks the key; found is false if the value has no
// members.
func (e *expander) path(n *node, keys []string) (text string, found bool, err error) {
	for _, key := range keys {
		if err := e.open(n); err != nil {
			return "", false, err
		}
		switch {
		case n.object != nil:
			inside, ok := n.object[key]
			if !ok {
				return "", true, nil
			}
			n = inside
		case n.array != nil:
			inside, ok := n.element(key)
			if !ok {
				return "", false, nil
			}
			n = inside
		default:
			return "", false, nil
		}
	}
	return n.text(), true, nil
}

func (n *node) element(key string) (*node, bool) {
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i >= len(n.array) {
		return nil, false
	}
	return n.array[i], true
}

func (n *node) parse() {
	if n.parsed {
		return
	}
	n.parsed = true
	switch raw := bytes.TrimLeft(n.raw, " \t\r\n"); {
	case len(raw) == 0:
	case raw[0] == '{':
		n.parseObject(raw)
	case raw[0] == '[':
		var members []json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return
		}
		n.array = make([]*node, len(members))
		for i, member := range members {
			n.array[i] = &node{raw: member}
		}
	}
}

// parseObject keeps the order of the members. Of two with the same key the last counts.
func (n *node) parseObject(raw []byte) {
	if !json.Valid(raw) {
		return
	}
	n.object = map[string]*node{}
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token() // {
	for d.More() {
		key, _ := d.Token()
		var member json.RawMessage
		if err := d.Decode(&member); err != nil {
			return // which can't be: it is valid
		}
		text, _ := key.(string)
		if n.object[text] == nil {
			n.keys = append(n.keys, text)
		}
		n.object[text] = &node{raw: member}
	}
}

// text returns a value as the reference implementation writes it: true is True, null is empty, objects and arrays are
// compact JSON.
func (n *node) text() string {
	raw := strings.TrimSpace(string(n.raw))
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(n.raw, &s) == nil {
			return s
		}
	case 't':
		return "True"
	case 'f':
		return "False"
	case 'n':
		return ""
	case '{', '[':
		var b bytes.Buffer
		if json.Compact(&b, n.raw) == nil {
			return b.String()
		}
	default:
		return number(raw)
	}
	return raw
}

// number returns integers unchanged and other numbers in their shortest form, 1.50 as 1.5.
func number(raw string) string {
	if !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	return filters.Number(f)
}
