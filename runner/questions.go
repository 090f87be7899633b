package runner

import (
	"errors"
	"slices"

	"github.com/stepdeck/stepdeck/model"
)

// Question is a value that a person is asked for before a run starts.
type Question struct {
	Variable model.Variable // says how it is asked for, and what it is without an answer
	Step     string         // whose own value it is; empty: the project's
	Required bool           // the run can't start without an answer
}

// Questions lists the values that a run asks for and that it was not given, each name once: the project's in their order,
// then those of the steps that are to run. A value asks only where it counts: one that is scoped to the environment stands
// before one without scope, and a step's own one before both.
func Questions(req Request) ([]Question, error) {
	environment, err := chooseEnvironment(req.Project, req.Environment)
	if err != nil {
		return nil, err
	}
	chosen, err := chooseSteps(req.Project, req.Steps)
	if err != nil {
		return nil, err
	}
	return questions(req.Project, environment, chosen, req.Given), nil
}

func questions(project model.Project, environment string, chosen []chosenStep, given []Given) []Question {
	a := asking{given: given, at: map[string]int{}}
	for _, v := range inForce(project.Variables, environment) {
		if !slices.ContainsFunc(chosen, func(c chosenStep) bool { return !hasOwn(c.step, v.Name) }) {
			continue // each step has a value of its own
		}
		a.add("", v)
	}
	for _, c := range chosen {
		for _, v := range c.step.Values {
			a.add(c.step.Name, v)
		}
	}
	return slices.DeleteFunc(a.list, a.answered)
}

// inForce gives of each name the one value that counts in the environment.
func inForce(list []model.Variable, environment string) []model.Variable {
	var winners []model.Variable
	for _, v := range list {
		if !v.AppliesTo(environment) {
			continue
		}
		at := slices.IndexFunc(winners, func(w model.Variable) bool { return model.NameKey(w.Name) == model.NameKey(v.Name) })
		switch {
		case at < 0:
			winners = append(winners, v)
		case len(v.Scope) > 0:
			winners[at] = v
		}
	}
	return winners
}

func hasOwn(step model.Step, name string) bool {
	return slices.ContainsFunc(step.Values, func(v model.Variable) bool { return model.NameKey(v.Name) == model.NameKey(name) })
}

// asking gathers questions, of each name one: an answer counts in the whole run.
type asking struct {
	given []Given
	list  []Question
	at    map[string]int // by name key
}

func (a *asking) add(step string, v model.Variable) {
	if v.Prompt == nil {
		return
	}
	q := Question{v, step, v.Prompt.Required && v.Value == "" && !v.ValueSet}
	key := model.NameKey(v.Name)
	at, asked := a.at[key]
	switch {
	case !asked:
		a.at[key] = len(a.list)
		a.list = append(a.list, q)
	case q.Required && !a.list[at].Required:
		a.list[at].Step, a.list[at].Required = step, true
	}
}

func (a *asking) answered(q Question) bool {
	return slices.ContainsFunc(a.given, func(g Given) bool {
		return model.NameKey(g.Name) == model.NameKey(q.Variable.Name) && (g.Value != "" || !q.Required)
	})
}

// MissingSecrets names the sensitive variables without which the run can't start, because this computer does not have
// their values.
func (p Plan) MissingSecrets() []string {
	var names []string
	for _, problem := range p.Refused() {
		if name, ok := missingName(problem.Err); ok {
			known := func(other string) bool { return model.NameKey(other) == model.NameKey(name) }
			if !slices.ContainsFunc(names, known) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Asked reports whether an answer, and nothing else, solves the problem: see Questions and MissingSecrets.
func (p Problem) Asked() bool {
	_, secret := missingName(p.Err)
	return secret || model.ErrorCode(p.Err) == promptMissing
}

const (
	promptMissing = "run.prompt.missing"
	valueMissing  = "variable.secret.missing"
)

// missingName is the variable that missingSecret speaks of.
func missingName(err error) (name string, ok bool) {
	var e *model.Error
	if !errors.As(err, &e) || e.Code != valueMissing || len(e.Args) == 0 {
		return "", false
	}
	name, ok = e.Args[0].(string)
	return name, ok
}
