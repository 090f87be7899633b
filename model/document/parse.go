package document

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/stepdeck/stepdeck/model"
)

// Parse parses a project file. Errors name the file as name, with line and column, and list all problems at once.
func Parse(name string, data []byte) (File, error) {
	if len(data) > MaxFile {
		return File{}, model.NewError("document.large", "%s has %d bytes. A project file has at most %d.", name, len(data), MaxFile)
	}
	text, ok := model.DecodeText(data)
	if !ok {
		return File{}, model.NewError("document.encoding", "%s is not UTF-8 text. Save it as UTF-8.", name)
	}
	root, err := parseYAML(name, text)
	if err != nil {
		return File{}, err
	}
	r := newReader(name)
	f := r.file(root)
	r.check(&f)
	if err := r.err(); err != nil {
		return File{}, err
	}
	f.name, f.at = name, r.at
	return f, nil
}

// parseYAML returns the root node of the file's only document.
func parseYAML(name, text string) (node ast.Node, err error) {
	// The library is fuzzed here and elsewhere, yet a file must never crash the program.
	defer func() {
		if p := recover(); p != nil {
			node, err = nil, model.NewError("document.yaml", "%s can't be read as YAML. Check its indentation and quotes.",
				name).Because(fmt.Errorf("the YAML library: %v", p))
		}
	}()
	tokens := lexer.Tokenize(text)
	if at := tooDeep(tokens); at != nil {
		return nil, model.NewError("document.deep", "%s:%d:%d: the nesting is too deep for a project file. Check its brackets and indentation.",
			name, at.Line, at.Column)
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.Token != nil && syntax.Token.Position != nil {
			at := syntax.Token.Position
			return nil, model.NewError("document.yaml", "%s:%d:%d: %s.", name, at.Line, at.Column, strings.TrimSuffix(syntax.Message, "."))
		}
		return nil, model.NewError("document.yaml", "%s can't be read as YAML.", name).Because(err)
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return nil, model.NewError("document.empty", "%s is empty. A project file begins with \"stepdeck: 1\".", name)
	case 1:
		return bodies[0], nil
	}
	return nil, model.NewError("document.many", "%s contains %d YAML documents. Put each project in its own file.", name, len(bodies))
}

// tooDeep returns the position where the tokens nest deeper than any project file, or nil. The parser is recursive:
// deep nesting would overflow the stack, which can't be recovered from.
func tooDeep(tokens token.Tokens) *token.Position {
	const maxFlow, maxColumn = 32, 400
	flow := 0
	for _, t := range tokens {
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			if flow++; flow > maxFlow {
				return t.Position
			}
		case token.MappingEndType, token.SequenceEndType:
			flow = max(0, flow-1)
		case token.SequenceEntryType, token.MappingValueType:
			if flow == 0 && t.Position.Column > maxColumn {
				return t.Position
			}
		}
	}
	return nil
}

// file converts the root node.
func (r *reader) file(n ast.Node) File {
	var from file
	fileTable().read(r, n, "", &from)
	f := from.split()
	for i, p := range f.Packages {
		r.inside(fmt.Sprintf("packages[%d]", i), p)
	}
	for i, s := range f.Project.Steps {
		if s.Script.Folder != "" {
			r.inside(fmt.Sprintf("steps[%d].script.folder", i), s.Script.Folder)
		}
	}
	return f
}

// split separates the sources of secrets from the model.
func (f file) split() File {
	out := File{Project: f.project, Accounts: f.accounts, Packages: f.packages}
	out.Project.Variables, out.Variables = splitVariables(f.variables)
	out.Project.EnvVars, out.EnvVars = splitEnvVars(f.envVars)
	for _, s := range f.steps {
		values, from := splitVariables(s.values)
		envVars, fromEnv := splitEnvVars(s.envVars)
		s.Values, s.EnvVars = values, envVars
		out.Project.Steps, out.StepValues = append(out.Project.Steps, s.Step), append(out.StepValues, from)
		out.StepEnvVars = append(out.StepEnvVars, fromEnv)
	}
	return out
}

func splitVariables(list []variable) (variables []model.Variable, from []Secret) {
	for _, v := range list {
		variables, from = append(variables, v.Variable), append(from, v.from)
	}
	return variables, from
}

// join is the inverse of split, without the sources of secrets, which no export has.
func join(f File) file {
	out := file{version: FormatVersion, project: f.Project, accounts: f.Accounts, variables: joinVariables(f.Project.Variables),
		envVars: joinEnvVars(f.Project.EnvVars)}
	for _, s := range f.Project.Steps {
		out.steps = append(out.steps, step{Step: s, values: joinVariables(s.Values), envVars: joinEnvVars(s.EnvVars)})
	}
	return out
}

func joinVariables(list []model.Variable) []variable {
	var out []variable
	for _, v := range list {
		out = append(out, variable{Variable: v})
	}
	return out
}

// duration accepts 90s, 10m, 1h30m; empty, 0 and none mean no limit.
func (r *reader) duration(n ast.Node, at string) time.Duration {
	text := r.scalar(n, at)
	if text == "" || text == "0" || text == "none" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		r.fail(n, "document.duration", "%q is not a duration. Write one such as 90s, 10m or 1h30m", text)
	}
	return d
}

// check adds the problems that the model finds, at their positions.
func (r *reader) check(f *File) {
	for i := range f.Project.Steps {
		// An inline script without a language and without text is merely incomplete: the window lets the person choose.
		if s := &f.Project.Steps[i].Script; s.Source == model.SourceInline && s.Language == "" {
			if s.Body != "" {
				r.failAt(fmt.Sprintf("steps[%d].script.body", i), "document.language",
					"the script's language is missing. Add language: powershell, bash or python")
			}
			s.Language = model.Bash
		}
	}
	names := map[string]bool{}
	for i, a := range f.Accounts {
		prefix := fmt.Sprintf("accounts[%d].", i)
		r.problems(f, prefix, a.Check())
		if names[model.NameKey(a.Name)] {
			r.failAt(prefix+"name", "account.twice", "account %q is listed twice. Remove one", a.Name)
		}
		names[model.NameKey(a.Name)] = true
	}
	r.problems(f, "", f.Project.Check())
}

func (r *reader) problems(f *File, prefix string, list []model.Problem) {
	for _, p := range list {
		p.Field = prefix + p.Field
		if p.Incomplete() {
			f.Incomplete = append(f.Incomplete, p)
			continue
		}
		r.found = append(r.found, finding{r.position(p.Field), p.Err})
	}
}

// inside rejects a path that leads out of the project file's folder.
func (r *reader) inside(at, p string) {
	if !isInside(p) {
		r.failAt(at, "document.outside", "%q leads out of this file's folder. Put it beside the file, and write its path from there", p)
	}
}

func isInside(p string) bool {
	slashed := strings.ReplaceAll(p, `\`, "/")
	clean := path.Clean(slashed)
	return p != "" && !path.IsAbs(slashed) && clean != ".." && !strings.HasPrefix(clean, "../") && !strings.Contains(p, ":") &&
		!strings.ContainsRune(p, 0)
}
