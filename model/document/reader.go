package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/stepdeck/stepdeck/model"
)

// reader converts the nodes of a file to the model. It records the position of each path and collects all problems, so
// that a person can fix everything in one go.
type reader struct {
	name  string
	at    map[string]position
	found []finding
}

type position struct{ line, column int }

type finding struct {
	position
	err error
}

// Reporting more findings than this would not help.
const maxFindings = 20

func newReader(name string) *reader { return &reader{name: name, at: map[string]position{}} }

func (r *reader) err() error {
	if len(r.found) == 0 {
		return nil
	}
	slices.SortStableFunc(r.found, func(a, b finding) int { return (a.line-b.line)*1000 + min(999, a.column) - min(999, b.column) })
	lines := make([]string, 0, len(r.found))
	for i, f := range r.found {
		if i == maxFindings {
			lines = append(lines, fmt.Sprintf("… and %d more.", len(r.found)-maxFindings))
			break
		}
		line := fmt.Sprintf("%s:%d:%d: %s", r.name, f.line, f.column, f.err)
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	e := model.NewError("document.invalid", "%s", strings.Join(lines, "\n"))
	e.Args = []any{lines}
	return e
}

// fail records a finding at the node; the sentence is passed without its full stop.
func (r *reader) fail(n ast.Node, code, format string, args ...any) {
	r.found = append(r.found, finding{positionOf(n), model.NewError(code, ended(format), args...)})
}

func (r *reader) failAt(at, code, format string, args ...any) {
	r.found = append(r.found, finding{r.position(at), model.NewError(code, ended(format), args...)})
}

// ended returns a sentence with its end.
func ended(sentence string) string {
	if strings.HasSuffix(sentence, "?") {
		return sentence
	}
	return sentence + "."
}

// position returns the position of the path, or of its nearest recorded parent.
func (r *reader) position(at string) position {
	for at != "" {
		if p, ok := r.at[at]; ok {
			return p
		}
		cut := strings.LastIndexAny(at, ".[")
		if cut < 0 {
			break
		}
		at = at[:cut]
	}
	return position{1, 1}
}

func positionOf(n ast.Node) position {
	if m, isMapping := n.(*ast.MappingNode); isMapping && len(m.Values) > 0 {
		return positionOf(m.Values[0].Key) // the node's own token is its first colon
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return position{t.Position.Line, t.Position.Column}
	}
	return position{1, 1}
}

// mapping calls read for each key and its value, and rejects unknown, repeated and missing keys.
func (r *reader) mapping(n ast.Node, at string, keys []key, read func(name string, n ast.Node, at string)) {
	if r.at[at] == (position{}) && at != "" {
		r.at[at] = positionOf(n)
	}
	if _, null := n.(*ast.NullNode); null {
		return
	}
	m, ok := n.(ast.MapNode)
	if !ok {
		r.fail(n, "document.mapping", "%s must be keys and values. Known keys: %s", orFile(at), strings.Join(keyNames(keys), ", "))
		return
	}
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		name := it.Key().GetToken().Value
		path := name
		if at != "" {
			path = at + "." + name
		}
		switch {
		case !slices.ContainsFunc(keys, func(k key) bool { return k.name == name }):
			if near := model.Nearest(name, keyNames(keys)); near != "" {
				r.fail(it.Key(), "document.key", "%q is not a key of %s. Did you mean %q?", name, orFile(at), near)
			} else {
				r.fail(it.Key(), "document.key", "%q is not a key of %s. Known keys: %s", name, orFile(at), strings.Join(keyNames(keys), ", "))
			}
		case seen[name]:
			r.fail(it.Key(), "document.key.twice", "%q is listed twice. Remove one", name)
		default:
			seen[name] = true
			r.at[path] = positionOf(it.Key())
			read(name, it.Value(), path)
		}
	}
	for _, k := range keys {
		if k.required && !seen[k.name] {
			r.fail(n, "document.key.missing", "%s lacks the key %q", orFile(at), k.name)
		}
	}
}

func orFile(at string) string {
	if at == "" {
		return "the file"
	}
	return at
}

func keyNames(keys []key) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

// list calls read for each item of a list.
func (r *reader) list(n ast.Node, at string, read func(ast.Node, string)) {
	switch list := n.(type) {
	case *ast.NullNode:
	case *ast.SequenceNode:
		for i, item := range list.Values {
			path := fmt.Sprintf("%s[%d]", at, i)
			r.at[path] = positionOf(item)
			read(item, path)
		}
	default:
		r.fail(n, "document.list", "%s must be a list of lines that begin with a dash", at)
	}
}

func (r *reader) texts(n ast.Node, at string, into *[]string) {
	r.list(n, at, func(n ast.Node, at string) { *into = append(*into, r.scalar(n, at)) })
}

func (r *reader) boolean(n ast.Node, at string, into *bool) {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		r.fail(n, "document.boolean", "%s must be true or false", at)
		return
	}
	*into = b.Value
}

func (r *reader) integer(n ast.Node, at string) int {
	v, err := strconv.Atoi(r.scalar(n, at))
	if err != nil {
		r.fail(n, "document.integer", "%s must be a whole number", at)
	}
	return v
}

// scalar returns the text of a scalar as written, so that 012345678901 keeps its zero and true stays a word.
func (r *reader) scalar(n ast.Node, at string) string {
	switch s := n.(type) {
	case *ast.NullNode:
		return ""
	case *ast.StringNode:
		return s.Value
	case *ast.LiteralNode:
		return s.Value.Value
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		r.fail(n, "document.alias", "%s uses a YAML anchor, alias or tag, which project files can't have. Write the value out", at)
	default:
		r.fail(n, "document.scalar", "%s must be one value", at)
	}
	return ""
}

func (r *reader) secret(n ast.Node, at string) Secret {
	var s Secret
	if _, isMapping := n.(ast.MapNode); !isMapping {
		if r.scalar(n, at) != "" {
			r.fail(n, "document.secret", "%s is not allowed in a project file. Use {env: NAME} or {file: PATH}, or leave it out and "+
				"enter it later", at)
		}
		return s
	}
	secretTable().read(r, n, at, &s)
	switch {
	case s.Env != "" && s.File != "":
		r.fail(n, "document.secret.both", "%s has both env and file. Keep one", at)
	case s.File != "":
		r.inside(at+".file", s.File)
	}
	return s
}
