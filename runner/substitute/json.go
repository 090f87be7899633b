package substitute

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// jsonPath resolves a name as a variable and a path into its JSON value. The longest prefix that is a variable counts.
func (e *expander) jsonPath(text string, x expression, r resolved) (v *value, ok bool, err error) {
	for n := len(r.keys) - 1; n > 0; n-- {
		name := r.prefix(n)
		v, ok, err := e.variable(name, x.prefix(text, n))
		if err != nil {
			return nil, false, err
		}
		if !ok {
			continue
		}
		root := e.json[name]
		if root == nil {
			root = &node{raw: json.RawMessage(v.text)}
			e.json[name] = root
		}
		inside, found, err := e.path(root, r.keys[n:])
		switch {
		case err != nil:
			return nil, false, err
		case v.sensitive && v.text == Hidden:
			inside = Hidden
		case !found:
			return nil, false, nil
		case v.sensitive:
			e.part(r.keys[len(r.keys)-1], inside)
		}
		return &value{text: inside, sensitive: v.sensitive, refs: v.refs}, true, nil
	}
	return nil, false, nil
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
	if e.inside += bytes.Count(n.raw, []byte(",")); e.inside > maxMembers {
		return model.NewError("substitute.json",
			"The expression on line %d needs JSON with more than %d members. Extract the value in the script instead.", e.at.line, maxMembers)
	}
	n.parse()
	return e.budget.work(e.ctx, len(n.raw)/jsonWork, e.at)
}

func (e *expander) part(key, text string) {
	if len(e.result.Parts) < MaxReferences && text != "" {
		e.result.Parts = append(e.result.Parts, Part{key, text})
	}
}

// node is a JSON value, parsed when its contents are first needed.
type node struct {
	raw    json.RawMessage
	parsed bool
	object map[string]*node
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
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return
		}
		n.object = make(map[string]*node, len(members))
		for key, member := range members {
			n.object[key] = &node{raw: member}
		}
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
	// .NET writes exponents from 15 digits on. Source: Double.ToString, general format "R".
	if short := strconv.FormatFloat(f, 'E', -1, 64); f != 0 && (math.Abs(f) >= 1e15 || math.Abs(f) < 1e-5) {
		return short
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
