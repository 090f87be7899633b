package runner

import (
	"context"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// Known are the values that a field can name in an environment, as far as they are known without a run: nothing was given
// for it, and no step has set an output. Which value of a name wins is what a run goes by. Sensitive values are hidden.
type Known struct{ values *values }

// Expansion is what a text comes to.
type Expansion struct {
	Text      string
	Sensitive bool
	Undefined []Reference // names that have no value
	Unparsed  []string    // what follows a #{ that begins no expression
}

// Reference is a name in a text that has no value.
type Reference struct {
	Name    string
	Line    int    // of the text, from 1
	In      string // the variable whose value has it; empty for the text itself
	Missing bool   // a sensitive variable has the name, and this computer does not have its value
}

// NewKnown gathers the values of a project and, over them, those of a step.
func NewKnown(project, step []model.Variable, environment string) Known {
	ctx := context.Background()
	// Values that are only hidden can't fail to be read.
	v, _ := newValues(ctx, model.Project{Variables: project}, environment, nil, hide)
	own, _ := newLayer(ctx, step, hide)
	return Known{v.with(ctx, own, substitute.NewBudget())}
}

// Account returns the account variable of a name. ok is false where the name has no value.
func (k Known) Account(name string) (v model.Variable, ok bool) {
	e, ok := k.values.find(name)
	return model.Variable{Name: e.name, Type: e.kind, Value: e.text, Expect: e.expect}, ok
}

// Expand writes the values into a text. An error is a *model.Error that says what can't be resolved.
func (k Known) Expand(text string) (Expansion, error) {
	res, err := substitute.Expand(text, k.values)
	if err != nil {
		return Expansion{}, err
	}
	x := Expansion{Text: res.Text, Sensitive: res.Sensitive}
	for _, u := range res.Undefined {
		e, known := k.values.find(u.Name)
		x.Undefined = append(x.Undefined, Reference{u.Name, u.Line, u.In, known && e.missing})
	}
	for _, u := range res.Unparsed {
		x.Unparsed = append(x.Unparsed, u.Name)
	}
	return x, nil
}

// MayBeOutput reports whether only a step's output can have the name.
func (r Reference) MayBeOutput() bool {
	return strings.HasPrefix(model.NameKey(r.Name), "octopus.action[")
}
