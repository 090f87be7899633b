package runner

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// hidden replaces a sensitive value in everything that people see or that is recorded.
const hidden = substitute.Hidden

// entry is the value of a name.
type entry struct {
	name      string
	text      string
	sensitive bool
	kind      model.VariableType
	expect    string // AWS account id that an account variable requires
	missing   bool   // a sensitive value that is not on this computer

	step    string          // whose own value it is; empty: not that of a step
	short   string          // the shortest text by which a person can give that
	octopus bool            // Octopus's own, and nobody else defines it
	late    bool            // it is known once the run has begun
	of      *model.Account  // whose property it is
	sealed  model.SecretRef // of a property that is opened when it is looked up; zero: text is the value
}

// hides reports whether the value is hidden.
func (e entry) hides() bool { return e.sensitive && !e.missing && e.text == hidden }

// layer is values by name key.
type layer map[string]entry

// hides reports whether a value in the layer is hidden.
func (l layer) hides() bool {
	for _, e := range l {
		if e.hides() {
			return true
		}
	}
	return false
}

// values are the values that a step can use, in layers of which the first wins: the step's own, those given for the run, outputs of earlier
// steps, the project's for the environment, the project's without scope, Octopus's own and those of the step's packages. The properties
// of account variables come last.
type values struct {
	layers   [8]layer
	known    layer // that expressions can use but scripts don't get, after the layers
	given    givenTo
	short    func() func(of model.ValueName) string // the shortest text by which a person can give a value
	ctx      context.Context                        //nolint:containedctx // of the step whose fields are resolved with these values
	budget   *substitute.Budget                     // for the expressions of a step
	spare    *substitute.Budget                     // for those in values that steps get and don't read
	kept     expansions
	part     func(key, text string) // called with what expressions take out of sensitive values; may be nil
	accounts []model.Account        // to which account variables lead
	open     reveal
	used     *lookups
}

const (
	layerStep = iota
	layerGiven
	layerOutput
	layerScoped
	layerProject
	layerOctopusStep
	layerOctopusRun
	layerPackage // Octopus's variables of the step's packages
)

// lookups is what expressions have taken out of values.
type lookups struct {
	sealed bool  // a secret of an account
	late   bool  // what is known once the run has begun
	failed error // why a secret could not be opened

	deriving map[string]bool // the account variables whose accounts are being looked for, by name key
}

// reveal returns the plain value of a sensitive variable; ok is false if it is not on this computer.
type reveal func(ctx context.Context, ref model.SecretRef) (text string, ok bool, err error)

// hide is the reveal function of a plan with hidden values.
func hide(context.Context, model.SecretRef) (string, bool, error) { return hidden, true, nil }

func newValues(ctx context.Context, project model.Project, environment string, given []model.Given, open reveal) (*values, error) {
	v := &values{
		ctx: ctx, budget: substitute.NewBudget(), spare: substitute.NewBudget(), kept: expansions{},
		known: noFailure(), given: givenTo{}, short: sync.OnceValue(project.ShortNames), open: open,
		used: &lookups{deriving: map[string]bool{}},
	}
	for i := range v.layers {
		v.layers[i] = layer{}
	}
	for _, variable := range project.Variables {
		if !variable.AppliesTo(environment) {
			continue
		}
		e, err := newEntry(ctx, variable, open)
		if err != nil {
			return nil, err
		}
		layer := layerProject
		if len(variable.Scope) > 0 {
			layer = layerScoped
		}
		v.layers[layer][model.NameKey(variable.Name)] = e
	}
	for _, g := range given {
		if _, isEnv := project.EnvVar(g.Name); isEnv || g.Step != "" {
			v.given[g.Of().Key()] = g.Value
			continue
		}
		e := entry{name: g.Name, text: g.Value.Reveal(), kind: model.TypeText}
		if declared, known := declaredGiven(project, g); known {
			e.name, e.kind, e.sensitive = declared.Name, declared.Type, declared.Type == model.TypeSensitive
		}
		if old, known := v.find(g.Name); known {
			e.expect = old.expect
		}
		v.layers[layerGiven][model.NameKey(g.Name)] = e
	}
	return v, nil
}

func newEntry(ctx context.Context, variable model.Variable, open reveal) (entry, error) {
	e := entry{name: variable.Name, text: unprompted(variable), kind: variable.Type, expect: variable.Expect}
	if variable.Type != model.TypeSensitive {
		return e, nil
	}
	e.sensitive = true
	if !variable.ValueSet {
		e.missing = variable.Prompt == nil || variable.Prompt.Required // who is asked for it may leave it empty
		return e, nil
	}
	text, ok, err := open(ctx, variable.ValueRef())
	if err != nil {
		return entry{}, err
	}
	e.text, e.missing = text, !ok
	return e, nil
}

// givenTo is what was given for the run to steps' own values, and to environment variables, by the keys of their names.
type givenTo map[string]model.Secret

// ownLayer returns the layer of a step's own values, with those that were given for the run.
func (v *values) ownLayer(ctx context.Context, step model.Step, open reveal) (layer, error) {
	l := layer{}
	var rest []model.Variable
	for _, variable := range step.Values {
		if given, known := v.given[model.ValueName{Step: step.Name, Name: variable.Name}.Key()]; known {
			l[model.NameKey(variable.Name)] = entry{
				name: variable.Name, text: given.Reveal(), kind: variable.Type, sensitive: variable.Type == model.TypeSensitive,
				expect: variable.Expect,
			}
			continue
		}
		rest = append(rest, variable)
	}
	others, err := newLayer(ctx, rest, open)
	maps.Copy(l, others)
	for key, e := range l {
		if e.step = step.Name; e.missing {
			e.short = v.short()(model.ValueName{Step: step.Name, Name: e.name})
		}
		l[key] = e
	}
	return l, err
}

// newLayer returns the layer of a step's own values.
func newLayer(ctx context.Context, own []model.Variable, open reveal) (layer, error) {
	l := layer{}
	for _, variable := range own {
		e, err := newEntry(ctx, variable, open)
		if err != nil {
			return nil, err
		}
		l[model.NameKey(variable.Name)] = e
	}
	return l, nil
}

// with returns the values for the step that has its own values in own. Its expressions have one budget, and those in values that it
// does not read another.
func (v *values) with(ctx context.Context, own layer, budget, spare *substitute.Budget) *values {
	w := *v
	w.ctx, w.budget, w.spare, w.layers[layerStep] = ctx, budget, spare, own
	return &w
}

// hides reports whether a value is hidden.
func (v *values) hides() bool { return v.used.sealed || slices.ContainsFunc(v.layers[:], layer.hides) }

// takesPlain reports whether an output can have its plain name, too. An account variable keeps its value: a script's output must not
// change unnoticed who a step acts as.
func (v *values) takesPlain(o model.Output) bool {
	old, known := v.find(o.Name)
	return !known || old.kind != model.TypeAWSAccount
}

// setOutput stores an output under Octopus's full name and, where it takes that, under its plain name.
func (v *values) setOutput(step string, o model.Output) {
	full := outputName(step, o.Name)
	if v.takesPlain(o) {
		v.layers[layerOutput][model.NameKey(o.Name)] = entry{name: o.Name, text: o.Value, sensitive: o.Sensitive, kind: model.TypeText}
	}
	v.layers[layerOutput][model.NameKey(full)] = entry{name: full, text: o.Value, sensitive: o.Sensitive, kind: model.TypeText}
}

func outputName(step, name string) string { return "Octopus.Action[" + step + "].Output." + name }

// find returns the value of a name, which may be that of an account variable's property.
func (v *values) find(name string) (e entry, known bool) {
	if e, known := v.defined(name); known {
		return e, true
	}
	return v.property(model.NameKey(name))
}

// defined returns the value of a name that has one of its own.
func (v *values) defined(name string) (e entry, known bool) {
	key := model.NameKey(name)
	for _, l := range v.layers {
		if e, known := l[key]; known {
			return e, true
		}
	}
	e, known = v.known[key]
	return e, known
}

// Lookup implements substitute.Variables.
func (v *values) Lookup(name string) (text string, sensitive, ok bool) {
	e, known := v.find(name)
	if !known || e.missing {
		return "", false, false
	}
	v.used.late = v.used.late || e.late
	if e.sealed != (model.SecretRef{}) {
		e = v.unseal(e)
	}
	return e.text, e.sensitive, !e.missing
}

// Names implements substitute.Variables.
func (v *values) Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, e := range v.effective() {
			if !e.missing && !yield(e.name) {
				return
			}
		}
	}
}

// unseal opens the secret of an account's property. Why it can't be opened is in used.failed.
func (v *values) unseal(e entry) entry {
	v.used.sealed = true
	text, ok, err := v.open(v.ctx, e.sealed)
	if err != nil && v.used.failed == nil {
		v.used.failed = err
	}
	e.text, e.missing = text, !ok || err != nil
	return e
}

// effective returns the winning entry of every name, in no particular order, but for the properties of account variables.
func (v *values) effective() []entry {
	var list []entry
	seen := map[string]bool{}
	for _, l := range v.layers {
		for key, e := range l {
			if !seen[key] {
				seen[key] = true
				list = append(list, e)
			}
		}
	}
	return list
}

// write replaces the expressions in a text.
func (v *values) write(text string) (substitute.Result, error) {
	res, err := substitute.ExpandWithin(v.ctx, v.budget, text, v)
	if err == nil {
		err = v.used.failed
	}
	v.takeParts(res)
	return res, err
}

// takeParts tells what expressions have taken out of sensitive values.
func (v *values) takeParts(res substitute.Result) {
	if v.part != nil {
		for _, p := range res.Parts {
			v.part(p.Key, p.Text)
		}
	}
}

// expanded is the text of a field.
type expanded struct {
	text      string
	sensitive bool
	undefined []string // names without a value, which are errors in a field
	absent    []string // names without a value that the expressions take as empty
}

// expand replaces the expressions in a field.
func (v *values) expand(field, text string) (x expanded, err error) {
	if !strings.Contains(text, "#{") {
		return expanded{text: text}, nil
	}
	res, err := v.write(text)
	switch {
	case err != nil:
	case len(res.Unapplied) > 0:
		err = unappliedError(res.Unapplied[0])
	case len(res.Unparsed) > 0 && res.Unparsed[0].Why != "":
		err = unparsedError(res.Unparsed[0])
	}
	if err != nil {
		return expanded{}, model.NewError("field.expression",
			"%s: an expression can't be resolved. For a literal #{ write ##{.", field).Because(err)
	}
	x = expanded{text: res.Text, sensitive: res.Sensitive}
	for _, u := range slices.Concat(res.Undefined, res.Unparsed) {
		x.undefined = append(x.undefined, u.Name)
	}
	for _, u := range res.Absent {
		x.absent = append(x.absent, u.Name)
	}
	return x, nil
}

// unparsedError says why something is no expression.
func unparsedError(u substitute.Reference) error {
	return model.NewError("expression.unparsed", "%q is not an expression: %s", "#{"+clip(u.Name), ended(u.Why))
}

// unappliedError says why a filter or a calculation gives no value.
func unappliedError(u substitute.Reference) error {
	return model.NewError("expression.unapplied", "#{%s} has no value: %s Correct the expression.", u.Written(), ended(u.Why))
}
