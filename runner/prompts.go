package runner

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/stepdeck/stepdeck/model"
)

// Prompts returns the prompts of a run that have no answer in req: first the project's, in their order, then those of the steps' own
// values, each of which is asked for alone. Only the variable that wins has a prompt: one that is scoped to the environment wins over
// one without scope, and in a step its own wins over both.
func Prompts(req Request) ([]Prompt, error) {
	environment, err := chooseEnvironment(req.Project, req.Environment)
	if err != nil {
		return nil, err
	}
	chosen, err := chooseSteps(req.Project, req.Steps)
	if err != nil {
		return nil, err
	}
	p := &planner{req: req, given: func() []model.Given { return req.Given }, chosen: chosen}
	if err := p.takeGiven(); err != nil {
		return nil, err
	}
	return prompts(req.Project, environment, chosen, p.req.Given), nil
}

func prompts(project model.Project, environment string, chosen []chosenStep, given []model.Given) []Prompt {
	a := promptList{short: project.ShortNames()}
	for _, v := range inForce(project.Variables, environment) {
		if !slices.ContainsFunc(chosen, func(c chosenStep) bool { return !c.step.Owns(v.Name) }) {
			continue // every step has its own value
		}
		a.add("", v)
	}
	for _, c := range chosen {
		for _, v := range c.step.Values {
			a.add(c.step.Name, v)
		}
	}
	a.nameSteps()
	return slices.DeleteFunc(a.list, func(q Prompt) bool { return q.answeredBy(given) })
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

// promptList collects prompts.
type promptList struct {
	short func(of model.ValueName) string
	list  []Prompt
}

func (a *promptList) add(step string, v model.Variable) {
	if v.Prompt == nil {
		return
	}
	a.list = append(a.list, Prompt{
		Variable: v, Step: step, ShortName: a.short(model.ValueName{Step: step, Name: v.Name}),
		Required: v.Prompt.Required && v.Value == "" && !v.ValueSet || !usable(v),
	})
}

// nameSteps finds the prompts of steps that can't be told apart without their steps.
func (a *promptList) nameSteps() {
	shown := map[string]int{}
	for _, q := range a.list {
		shown[model.NameKey(q.label())]++
	}
	for i, q := range a.list {
		a.list[i].NamesStep = q.Step != "" && (shown[model.NameKey(q.label())] > 1 || q.ShortName != q.Variable.Name)
	}
}

func (q Prompt) answeredBy(given []model.Given) bool {
	return slices.ContainsFunc(given, func(g model.Given) bool {
		return g.Of().Key() == q.Of().Key() && (!g.Value.IsEmpty() || !q.Required)
	})
}

// Accept returns an answer in the form in which scripts get it, or says why it is none.
func (q Prompt) Accept(answer string) (string, error) { return accept(q.Variable, answer) }

// accept is Accept for an answer to the prompt of a variable. The answer may be one in which an earlier run replaced expressions.
func accept(v model.Variable, answer string) (string, error) {
	if v.Prompt == nil || v.Type == model.TypeSensitive {
		return answer, nil
	}
	value, err := v.Prompt.Accept(answer)
	if err != nil || v.Prompt.Control != model.ControlFile || value == "" {
		return value, err
	}
	if err := findFile(value); err != nil {
		return "", err
	}
	return value, nil
}

// findFile returns an error unless there is a file.
func findFile(path string) error {
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return model.NewError(codeNoFile, "There is no file %s. Choose one that exists.", path)
	case err != nil:
		return model.NewError(codeNoFile, "The file %s can't be read. Check its rights, or choose another one.", path).Because(err)
	case info.IsDir():
		return model.NewError(codeNoFile, "%s is a folder. Choose a file.", path)
	}
	return nil
}

// usable reports whether a variable has a value that its prompt accepts, or none. Expressions in it are not known yet.
func usable(v model.Variable) bool {
	if v.Value == "" || model.HasExpression(v.Value) {
		return true
	}
	_, err := accept(v, v.Value)
	return err == nil
}

// unprompted returns the value that a variable has without an answer. That of a checkbox is True or False.
func unprompted(v model.Variable) string {
	if v.Prompt == nil || model.HasExpression(v.Value) || v.Value == "" && v.Prompt.Control != model.ControlCheckbox {
		return v.Value
	}
	value, err := accept(v, v.Value)
	if err != nil {
		return v.Value // the run is refused
	}
	return value
}
