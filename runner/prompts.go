package runner

import (
	"slices"

	"github.com/stepdeck/stepdeck/model"
)

// Prompts lists the values that a run asks for and that it was not given, each name once: the project's in their order,
// then those of the steps that are to run. A value asks only where it counts: one that is scoped to the environment stands
// before one without scope, and a step's own one before both.
func Prompts(req Request) ([]Prompt, error) {
	environment, err := chooseEnvironment(req.Project, req.Environment)
	if err != nil {
		return nil, err
	}
	chosen, err := chooseSteps(req.Project, req.Steps)
	if err != nil {
		return nil, err
	}
	return prompts(req.Project, environment, chosen, req.Given), nil
}

func prompts(project model.Project, environment string, chosen []chosenStep, given []Given) []Prompt {
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

// asking gathers prompts, of each name one: an answer counts in the whole run.
type asking struct {
	given []Given
	list  []Prompt
	at    map[string]int // by name key
}

func (a *asking) add(step string, v model.Variable) {
	if v.Prompt == nil {
		return
	}
	q := Prompt{v, step, v.Prompt.Required && v.Value == "" && !v.ValueSet}
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

func (a *asking) answered(q Prompt) bool {
	return slices.ContainsFunc(a.given, func(g Given) bool {
		return model.NameKey(g.Name) == model.NameKey(q.Variable.Name) && (g.Value != "" || !q.Required)
	})
}
