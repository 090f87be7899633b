package runner

import (
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// checkGiven returns an error for a value whose name the project does not have.
func checkGiven(project model.Project, given []model.Given) error {
	unknown := slices.DeleteFunc(slices.Clone(given), func(g model.Given) bool {
		_, octopusOwn := octopus.Lookup(g.Name) // only an Octopus server would know its value
		return octopusOwn || isDeclared(project, g.Name)
	})
	if len(unknown) == 0 {
		return nil
	}
	name, names := unknown[0].Name, []string{}
	collect := func(list []model.Variable, envVars []model.EnvVar) {
		for _, v := range list {
			names = append(names, v.Name)
		}
		for _, v := range envVars {
			names = append(names, v.Title())
		}
	}
	collect(project.Variables, project.EnvVars)
	for _, s := range project.Steps {
		collect(s.Values, s.EnvVars)
	}
	for _, v := range octopus.Variables() {
		names = append(names, v.Name)
	}
	if near := model.Nearest(name, names); near != "" {
		return model.NewError("run.value.unknown", "Project %q has no variable %q. Did you mean %q?", project.Name, name, near)
	}
	return model.NewError("run.value.unknown", "Project %q has no variable %q.", project.Name, name)
}

// acceptGiven gives the values the form that their prompts have, or returns why one is no answer.
func (p *planner) acceptGiven() error {
	given := slices.Clone(p.given())
	if len(given) == 0 {
		return nil
	}
	asked := prompts(p.req.Project, p.req.Environment, p.chosen, nil)
	for i, g := range given {
		of := func(q Prompt) bool { return model.NameKey(q.Variable.Name) == model.NameKey(g.Name) }
		at := slices.IndexFunc(asked, of)
		if at < 0 {
			continue
		}
		value, err := asked[at].Accept(g.Value.Reveal())
		if err != nil {
			return unacceptable(asked[at], err)
		}
		given[i].Value = model.NewSecret(value)
	}
	p.given, p.req.Given = func() []model.Given { return given }, hideGiven(p.req.Project, given)
	return nil
}

// unacceptable says which variable can't have a value, and why.
func unacceptable(q Prompt, err error) error {
	return model.NewError(model.ErrorCode(err), "%q can't have that value: %s", q.Variable.Name, err)
}

func isDeclared(project model.Project, name string) bool {
	_, known := project.Declared(name)
	return known
}
