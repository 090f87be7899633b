package runner

import (
	"slices"

	"github.com/stepdeck/stepdeck/model"
)

// Prompts returns the prompts of a run that have no answer in req, each name once: first the project's, in their order, then
// those of the steps. Only the variable that wins has a prompt: one that is scoped to the environment wins over one
// without scope, and a step's own wins over both.
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

func prompts(project model.Project, environment string, chosen []chosenStep, given []model.Given) []Prompt {
	a := promptList{given: given, index: map[string]int{}}
	for _, v := range inForce(project.Variables, environment) {
		if !slices.ContainsFunc(chosen, func(c chosenStep) bool { return !hasOwn(c.step, v.Name) }) {
			continue // every step has its own value
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

// inForce returns, for each name, the variable that wins in the environment.
func inForce(list []model.Variable, environment string) []model.Variable {
	var winners []model.Variable
	for _, v := range list {
		if !v.AppliesTo(environment) {
			continue
		}
		i := slices.IndexFunc(winners, func(w model.Variable) bool { return model.NameKey(w.Name) == model.NameKey(v.Name) })
		switch {
		case i < 0:
			winners = append(winners, v)
		case len(v.Scope) > 0:
			winners[i] = v
		}
	}
	return winners
}

func hasOwn(step model.Step, name string) bool {
	return slices.ContainsFunc(step.Values, func(v model.Variable) bool { return model.NameKey(v.Name) == model.NameKey(name) })
}

// promptList collects prompts, one for each name: an answer is valid for the whole run.
type promptList struct {
	given []model.Given
	list  []Prompt
	index map[string]int // into list, by name key
}

func (a *promptList) add(step string, v model.Variable) {
	if v.Prompt == nil {
		return
	}
	q := Prompt{v, step, v.Prompt.Required && v.Value == "" && !v.ValueSet}
	key := model.NameKey(v.Name)
	i, known := a.index[key]
	switch {
	case !known:
		a.index[key] = len(a.list)
		a.list = append(a.list, q)
	case q.Required && !a.list[i].Required:
		a.list[i].Step, a.list[i].Required = step, true
	}
}

func (a *promptList) answered(q Prompt) bool {
	return slices.ContainsFunc(a.given, func(g model.Given) bool {
		return model.NameKey(g.Name) == model.NameKey(q.Variable.Name) && (!g.Value.IsEmpty() || !q.Required)
	})
}
