package runner

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// takeGiven finds out which values the given ones are, and gives them the form that their prompts have. Of two for the same value the
// last one counts.
func (p *planner) takeGiven() error {
	var given []model.Given
	for _, g := range p.given() {
		of, err := valueMeant(p.req.Project, p.chosen, g.Of())
		if err != nil {
			return err
		}
		if v, known := declaredGiven(p.req.Project, model.Given{Step: of.Step, Name: of.Name}); known {
			of.Name = v.Name
		}
		given = slices.DeleteFunc(given, func(old model.Given) bool { return old.Of().Key() == of.Key() })
		given = append(given, model.Given{Step: of.Step, Name: of.Name, Value: g.Value})
	}
	if err := p.accept(given); err != nil {
		return err
	}
	p.given, p.req.Given = func() []model.Given { return given }, hideGiven(p.req.Project, given)
	return nil
}

// accept gives the values the form that their prompts have, or returns why one is no answer.
func (p *planner) accept(given []model.Given) error {
	if len(given) == 0 {
		return nil
	}
	asked := prompts(p.req.Project, p.req.Environment, p.chosen, nil)
	for i, g := range given {
		at := slices.IndexFunc(asked, func(q Prompt) bool { return q.Of().Key() == g.Of().Key() })
		if at < 0 {
			continue
		}
		value, err := asked[at].Accept(g.Value.Reveal())
		if err != nil {
			return unacceptable(asked[at], err)
		}
		given[i].Value = model.NewSecret(value)
	}
	return nil
}

// unacceptable says which variable can't have a value, and why.
func unacceptable(q Prompt, err error) error {
	return model.NewError(model.ErrorCode(err), "%q can't have that value: %s", q.ShortName, err)
}

// valueMeant returns which value of the project a name means in a run: that of the project if a step of the run gets it, or else that
// of the step that has one of its own. It returns an error if there is none, or if several steps have one.
func valueMeant(project model.Project, chosen []chosenStep, n model.ValueName) (model.ValueName, error) {
	if n.Step != "" {
		if s, index := project.Step(n.Step); index >= 0 && s.Owns(n.Name) {
			return n, nil
		}
		return n, unknownValue(project, n.String())
	}
	named := project.ValuesNamed(n.Name)
	var own []model.ValueName
	for _, of := range named {
		runs := func(c chosenStep) bool { return of.Step != "" && model.NameKey(c.step.Name) == model.NameKey(of.Step) }
		if slices.ContainsFunc(chosen, runs) {
			own = append(own, of)
		}
	}
	switch _, octopusOwn := octopus.Lookup(n.Name); { // only an Octopus server would know its value
	case len(named) == 0 && octopusOwn:
		return n, nil
	case len(named) == 0:
		return n, unknownValue(project, n.Name)
	case named[0].Step == "" && len(own) < len(chosen):
		return named[0], nil
	case len(own) == 0:
		own = named
	}
	if len(own) > 1 {
		return n, severalValues(project, n.Name, own)
	}
	return own[0], nil
}

// unknownValue says that the project does not have a value, and which one was perhaps meant.
func unknownValue(project model.Project, name string) error {
	var names []string
	short := project.ShortNames()
	collect := func(step string, list []model.Variable, envVars []model.EnvVar) {
		for _, v := range list {
			names = append(names, short(model.ValueName{Step: step, Name: v.Name}))
		}
		for _, v := range envVars {
			names = append(names, short(model.ValueName{Step: step, Name: v.Title()}))
		}
	}
	collect("", project.Variables, project.EnvVars)
	for _, s := range project.Steps {
		collect(s.Name, s.Values, s.EnvVars)
	}
	for _, v := range octopus.Variables() {
		names = append(names, v.Name)
	}
	if near := model.Nearest(name, names); near != "" {
		return model.NewError("run.value.unknown", "Project %q has no variable %q. Did you mean %q?", project.Name, name, near)
	}
	return model.NewError("run.value.unknown", "Project %q has no variable %q.", project.Name, name)
}

// CodeSeveralValues is the code of the error that a name can mean the values of several steps.
const CodeSeveralValues = "run.value.several"

// severalValues says which values a name can mean.
func severalValues(project model.Project, name string, own []model.ValueName) error {
	full := make([]string, len(own))
	for i, n := range own {
		full[i] = n.String()
	}
	return model.NewError(CodeSeveralValues, "Several steps of project %q have a value %q of their own. Say which one is meant: %s.",
		project.Name, name, strings.Join(full, ", "))
}

// declaredGiven returns the variable that is given a value.
func declaredGiven(project model.Project, g model.Given) (model.Variable, bool) {
	if v, known := project.DeclaredAs(g.Of()); known {
		return v, true
	}
	return project.DeclaredNamed(g.Name)
}

// isSecret reports whether a given value is one of a sensitive variable.
func isSecret(project model.Project, g model.Given) bool {
	v, known := declaredGiven(project, g)
	return known && v.Type == model.TypeSensitive
}

// hideGiven returns the given values with sensitive ones hidden.
func hideGiven(project model.Project, given []model.Given) []model.Given {
	list := slices.Clone(given)
	for i, g := range list {
		if isSecret(project, g) && !g.Value.IsEmpty() {
			list[i].Value = model.NewSecret(hidden)
		}
	}
	return list
}
