package runner

import (
	"context"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// Known are the values that a field can refer to in an environment, as far as they are known without a run: without values
// given for it and outputs of steps. Which of several values of a name wins is the same as in a run. Sensitive values are
// hidden.
type Known struct{ values *values }

// Expansion is the result of [Known.Expand].
type Expansion struct {
	Text      string
	Sensitive bool
	Undefined []Reference // names that have no value
	Unparsed  []string    // the text after each #{ that begins no expression
	Malformed []error     // what is wrong with those of Unparsed of which that is known
	Unapplied []error     // why filters and calculations have no value
	Absent    []Reference // names that have no value, which conditions, loops and filters take as empty
}

// Reference is the use of a name that has no value.
type Reference struct {
	Name    string
	Line    int    // of the text, from 1
	In      string // the variable whose value uses it; empty: the text itself
	Missing bool   // it is a sensitive variable whose value is not on this computer
	OfRun   bool   // the run or the account gives it a value
}

// NewKnown returns the values of a project and of a step, whose own win.
func NewKnown(project, step []model.Variable, environment string) Known {
	ctx := context.Background()
	// Hidden values are never read, so there can't be an error.
	v, _ := newValues(ctx, model.Project{Variables: project}, environment, nil, hide)
	own, _ := newLayer(ctx, step, hide)
	return Known{v.with(ctx, own, v.budget, v.spare)}
}

// Account returns the account variable with a name, or one that leads to the account that each step can name itself. ok is false if
// the name has no value.
func (k Known) Account(name string) (v model.Variable, ok bool) {
	if model.NameKey(name) == model.InstanceRole {
		return model.Variable{Name: name, Type: model.TypeAWSAccount, Value: model.InstanceRole}, true
	}
	e, ok := k.values.find(name)
	return model.Variable{Name: e.name, Type: e.kind, Value: e.text, Expect: e.expect}, ok
}

// Expand replaces the expressions in a text. An error is a *model.Error that says what can't be resolved.
func (k Known) Expand(text string) (Expansion, error) {
	res, err := substitute.Expand(text, k.values)
	if err != nil {
		return Expansion{}, err
	}
	x := Expansion{Text: res.Text, Sensitive: res.Sensitive}
	x.Undefined, x.Absent = k.references(res.Undefined), k.references(res.Absent)
	for _, u := range res.Unapplied {
		x.Unapplied = append(x.Unapplied, unappliedError(u))
	}
	for _, u := range res.Unparsed {
		x.Unparsed = append(x.Unparsed, u.Name)
		if u.Why != "" {
			x.Malformed = append(x.Malformed, unparsedError(u))
		}
	}
	return x, nil
}

func (k Known) references(list []substitute.Reference) []Reference {
	var out []Reference
	for _, u := range list {
		e, known := k.values.find(u.Name)
		out = append(out, Reference{u.Name, u.Line, u.In, known && e.missing, k.isOfRun(u.Name)})
	}
	return out
}

// isOfRun reports whether a name without a value is one of Octopus's own that a run has, or that of an account's property.
func (k Known) isOfRun(name string) bool {
	own, found := octopus.Lookup(name)
	if found {
		return own.Source == octopus.FromRun || own.Source == octopus.FromStep
	}
	variable, _, isProperty := cutProperty(model.NameKey(name))
	e, known := k.values.defined(variable)
	return isProperty && known && e.kind == model.TypeAWSAccount
}

// MayBeOutput reports whether the name has the form of a step's output, Octopus.Action[…].
func (r Reference) MayBeOutput() bool {
	return strings.HasPrefix(model.NameKey(r.Name), "octopus.action[")
}
