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

// Parse reads a project file. name stands in errors, which give line and column; all that is wrong is told at once.
// What a later version of Stepdeck honours is refused by name and line unless it stands at its default.
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

// parseYAML gives the mapping at the top of the file's only document.
func parseYAML(name, text string) (node ast.Node, err error) {
	// The library is fuzzed here and elsewhere, yet a file must never end the program.
	defer func() {
		if p := recover(); p != nil {
			node, err = nil, model.NewError("document.yaml", "%s can't be read as YAML. Check its indentation and quotes.", name).Because(fmt.Errorf("the YAML library: %v", p))
		}
	}()
	tokens := lexer.Tokenize(text)
	if at := tooDeep(tokens); at != nil {
		return nil, model.NewError("document.deep", "%s:%d:%d: this is nested deeper than any project file. Check its brackets and indentation.", name, at.Line, at.Column)
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
	return nil, model.NewError("document.many", "%s holds %d YAML documents. Put each project into a file of its own.", name, len(bodies))
}

// tooDeep finds where the tokens nest deeper than a project file ever does. The parser works through nesting by
// recursion, so that deep nesting would fill the stack, which nothing can catch.
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

func (r *reader) file(n ast.Node) File {
	var f File
	accounts := ast.Node(nil)
	r.mapping(n, "", rootKeys(), map[string]func(ast.Node, string){
		"stepdeck": func(n ast.Node, at string) {
			if v := r.integer(n, at); v != FormatVersion {
				r.fail(n, "document.version", "this version of Stepdeck reads project files of format %d, not %d. Install a newer one", FormatVersion, v)
			}
		},
		"project":      r.text(&f.Project.Name),
		"description":  r.text(&f.Project.Description),
		"environments": r.texts(&f.Project.Environments),
		"accounts":     func(n ast.Node, _ string) { accounts = n },
		"variables": r.list(variableKeys(true), func(n ast.Node, at string) {
			v, s := r.variable(n, at, true)
			f.Project.Variables, f.Variables = append(f.Project.Variables, v), append(f.Variables, s)
		}),
		"packages": r.texts(&f.Packages),
		"steps": r.list(stepKeys(), func(n ast.Node, at string) {
			s, values := r.step(n, at)
			f.Project.Steps, f.StepValues = append(f.Project.Steps, s), append(f.StepValues, values)
		}),
	})
	if accounts != nil {
		r.list(accountKeys(), func(n ast.Node, at string) { f.Accounts = append(f.Accounts, r.account(n, at)) })(accounts, "accounts")
	}
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

func (r *reader) account(n ast.Node, at string) Account {
	a := Account{Account: model.Account{Kind: model.KindAccessKey}}
	r.mapping(n, at, accountKeys(), map[string]func(ast.Node, string){
		"name":         r.text(&a.Name),
		"kind":         readWord(r, &a.Kind),
		"accessKeyId":  r.text(&a.AccessKeyID),
		"description":  r.text(&a.Description),
		"secretKey":    func(n ast.Node, at string) { a.SecretKey = r.secret(n, at) },
		"sessionToken": func(n ast.Node, at string) { a.SessionToken = r.secret(n, at) },
		"region":       r.text(&a.Region),
		"endpoint":     r.text(&a.Endpoint),
		"profile":      r.text(&a.Profile),
	})
	if a.Kind == model.KindInstanceRole {
		r.failAt(at+".kind", "document.instancerole", "the account instance-role always exists and needs no entry. Take it out")
	}
	return a
}

func (r *reader) variable(n ast.Node, at string, scoped bool) (model.Variable, Secret) {
	v := model.Variable{Type: model.TypeText}
	var from Secret
	var given ast.Node
	r.mapping(n, at, variableKeys(scoped), map[string]func(ast.Node, string){
		"name":   r.text(&v.Name),
		"type":   readWord(r, &v.Type),
		"value":  func(n ast.Node, _ string) { given = n },
		"scope":  r.texts(&v.Scope),
		"expect": r.text(&v.Expect),
		"prompt": func(n ast.Node, at string) {
			v.Prompt = &model.Prompt{Control: model.ControlText}
			r.mapping(n, at, child(variableKeys(scoped), "prompt").children, map[string]func(ast.Node, string){
				"label":    r.text(&v.Prompt.Label),
				"help":     r.text(&v.Prompt.Help),
				"control":  readWord(r, &v.Prompt.Control),
				"options":  r.texts(&v.Prompt.Options),
				"required": r.boolean(&v.Prompt.Required),
			})
		},
	})
	// The value is read last, because its form hangs on the type.
	switch _, isMapping := given.(ast.MapNode); {
	case given == nil:
	case isMapping && v.Type == model.TypeSensitive:
		from = r.secret(given, at+".value")
	case isMapping:
		r.fail(given, "document.value", "only a sensitive variable takes its value from {env: …} or {file: …}. Write the value, or make the type sensitive")
	case v.Type == model.TypeSensitive:
		if r.scalar(given, at+".value") != "" {
			r.fail(given, "document.sensitive", "a sensitive value may not stand in a project file. Use {env: NAME} or {file: PATH}, or leave it out and enter it later")
		}
	default:
		v.Value = r.scalar(given, at+".value")
	}
	return v, from
}

func (r *reader) step(n ast.Node, at string) (model.Step, []Secret) {
	s := model.NewStep("")
	s.Script.Language = ""
	var values []Secret
	keys := stepKeys()
	r.mapping(n, at, keys, map[string]func(ast.Node, string){
		"name":    r.text(&s.Name),
		"enabled": r.boolean(&s.Enabled),
		"values": r.list(variableKeys(false), func(n ast.Node, at string) {
			v, from := r.variable(n, at, false)
			s.Values, values = append(s.Values, v), append(values, from)
		}),
		"aws":     func(n ast.Node, at string) { r.stepAWS(n, at, child(keys, "aws").children, &s.AWS) },
		"script":  func(n ast.Node, at string) { r.script(n, at, child(keys, "script").children, &s.Script) },
		"options": func(n ast.Node, at string) { r.options(n, at, child(keys, "options").children, &s.Options) },
	})
	return s, values
}

func (r *reader) stepAWS(n ast.Node, at string, keys []key, aws *model.StepAWS) {
	r.mapping(n, at, keys, map[string]func(ast.Node, string){
		"account": r.text(&aws.Account),
		"expect":  r.text(&aws.Expect),
		"region":  r.text(&aws.Region),
		"assumeRole": func(n ast.Node, at string) {
			aws.AssumeRole = &model.AssumeRole{}
			r.mapping(n, at, child(keys, "assumeRole").children, map[string]func(ast.Node, string){
				"arn":         r.text(&aws.AssumeRole.ARN),
				"sessionName": r.text(&aws.AssumeRole.SessionName),
				"duration":    func(n ast.Node, at string) { aws.AssumeRole.Duration = r.integer(n, at) },
				"externalId":  r.text(&aws.AssumeRole.ExternalID),
				"policy":      r.text(&aws.AssumeRole.Policy),
			})
		},
	})
}

func (r *reader) script(n ast.Node, at string, keys []key, s *model.Script) {
	r.mapping(n, at, keys, map[string]func(ast.Node, string){
		"source":     readWord(r, &s.Source),
		"language":   readWord(r, &s.Language),
		"body":       r.text(&s.Body),
		"package":    r.text(&s.Package),
		"version":    r.text(&s.Version),
		"folder":     r.text(&s.Folder),
		"file":       r.text(&s.File),
		"parameters": r.text(&s.Parameters),
		"packages": func(n ast.Node, at string) {
			var reserved []string
			if r.texts(&reserved)(n, at); len(reserved) > 0 {
				r.fail(n, "later", "further packages beside the script are not supported by this version of Stepdeck. Leave them out")
			}
		},
	})
}

func (r *reader) options(n ast.Node, at string, keys []key, o *model.Options) {
	r.mapping(n, at, keys, map[string]func(ast.Node, string){
		"timeout":            func(n ast.Node, at string) { o.Timeout = r.duration(n, at) },
		"stderr":             readWord(r, &o.Stderr),
		"stopOnFirstFailure": r.boolean(&o.StopOnFirstFailure),
		"edition":            readWord(r, &o.Edition),
		"isolateAwsConfig":   r.boolean(&o.IsolateAWSConfig),
		"freshCredentials":   r.boolean(&o.FreshCredentials),
		"condition":          readWord(r, &o.Condition),
		"required":           r.boolean(&o.Required),
		"leaveBackground":    r.boolean(&o.LeaveBackground),
	})
}

// duration takes 90s, 10m, 1h30m; nothing and 0 are no limit.
func (r *reader) duration(n ast.Node, at string) time.Duration {
	text := r.scalar(n, at)
	if text == "" || text == "0" || text == "none" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		r.fail(n, "document.duration", "%q is not a time. Write 90s, 10m or 1h30m", text)
	}
	return d
}

// check adds what the model itself finds wrong, at the line where it stands.
func (r *reader) check(f *File) {
	for i := range f.Project.Steps {
		// An inline script without a language is as incomplete as one without text: the window lets the person choose.
		if s := &f.Project.Steps[i].Script; s.Source == model.SourceInline && s.Language == "" {
			if s.Body != "" {
				r.failAt(fmt.Sprintf("steps[%d].script.body", i), "document.language", "the script's language is missing. Add language: powershell or language: bash")
			}
			s.Language = model.Bash
		}
	}
	names := map[string]bool{}
	for i, a := range f.Accounts {
		prefix := fmt.Sprintf("accounts[%d].", i)
		r.problems(f, prefix, a.Check())
		if names[model.NameKey(a.Name)] {
			r.failAt(prefix+"name", "account.twice", "account %q stands there twice. Take one out", a.Name)
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

// inside refuses a path that leads out of the project file's folder.
func (r *reader) inside(at, p string) {
	if !isInside(p) {
		r.failAt(at, "document.outside", "%q leads out of this file's folder. Put it beside the file, and write its path from there", p)
	}
}

func isInside(p string) bool {
	slashed := strings.ReplaceAll(p, `\`, "/")
	clean := path.Clean(slashed)
	return p != "" && !path.IsAbs(slashed) && clean != ".." && !strings.HasPrefix(clean, "../") && !strings.Contains(p, ":") && !strings.ContainsRune(p, 0)
}
