package command

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// givenParam is NAME=VALUE of --param, with all values of a name that is given several times.
type givenParam struct {
	name   string
	values []string
	taken  bool // by a step
}

func parseParams(texts []string) ([]*givenParam, error) {
	var list []*givenParam
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		name = strings.TrimLeft(strings.TrimSpace(name), "-")
		if !ok || name == "" {
			return nil, model.NewError("usage", "--param takes NAME=VALUE, not %q.", name)
		}
		at := slices.IndexFunc(list, func(p *givenParam) bool { return model.NameKey(p.name) == model.NameKey(name) })
		if at < 0 {
			list = append(list, &givenParam{name: name, values: []string{value}})
			continue
		}
		list[at].values = append(list[at].values, value)
	}
	return list, nil
}

// setParams gives the steps of the run the parameters of --param. A step takes those that it has, or that its script declares.
func (c *cli) setParams(ctx context.Context, s *app.Services, req *runner.Request, texts []string) error {
	params, err := parseParams(texts)
	if err != nil || len(params) == 0 {
		return err
	}
	plan, err := s.Runs().Runner().Plan(ctx, *req)
	if err != nil {
		return err
	}
	req.Project.Steps = slices.Clone(req.Project.Steps)
	var names []string
	for _, sp := range plan.Steps {
		declared, err := s.Declared().Parameters(ctx, sp.Language, sp.Step.Options.Edition, sp.Written)
		if err != nil && len(sp.Step.Script.Arguments) == 0 {
			return err
		}
		_, index := req.Project.Step(sp.Step.Name)
		step := &req.Project.Steps[index]
		if step.Script.Arguments, err = withParams(step.Script.Arguments, declared, params); err != nil {
			return err
		}
		if step.Script.Parameters != "" && len(sp.Step.Script.Arguments) == 0 && len(step.Script.Arguments) > 0 {
			return model.NewError("run.param.text",
				"The step %q gives its parameters as text, so --param can't give another. "+
					"Carry them over to fields in the step, or change the text.",
				step.Name)
		}
		for _, a := range step.Script.Arguments {
			names = append(names, a.Name)
		}
		for _, p := range declared {
			names = append(names, p.Name)
		}
	}
	return unknownParam(params, names)
}

func unknownParam(params []*givenParam, names []string) error {
	for _, p := range params {
		if p.taken {
			continue
		}
		if near := model.Nearest(p.name, names); near != "" {
			return model.NewError("run.param.unknown", "No script of this run has a parameter %q. Did you mean %q?", p.name, near)
		}
		return model.NewError("run.param.unknown", "No script of this run declares a parameter %q.", p.name)
	}
	return nil
}

// withParams returns a step's arguments with the given values.
func withParams(arguments []model.Argument, declared []model.Parameter, params []*givenParam) ([]model.Argument, error) {
	list := slices.Clone(arguments)
	for _, p := range params {
		parameter, known := model.FindParameter(declared, p.name)
		at := slices.IndexFunc(list, func(a model.Argument) bool {
			return model.NameKey(a.Name) == model.NameKey(p.name) || known && parameter.Is(a.Name)
		})
		if at < 0 {
			if !known {
				continue
			}
			at, list = len(list), append(list, parameter.Argument(""))
		}
		p.taken = true
		if list[at].As != model.ArgumentList && len(p.values) > 1 {
			return nil, model.NewError("usage", "The parameter %q is given twice. Give it once.", p.name)
		}
		list[at].Value = strings.Join(p.values, "\n")
	}
	return list, nil
}

// completeParam completes NAME=VALUE of --param with what is known of the scripts without starting a program.
func (c *cli) completeParam(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	name, _, named := strings.Cut(typed, "=")
	find := func(ctx context.Context, s *app.Services, args []string) ([]string, error) {
		if len(args) == 0 {
			return nil, nil
		}
		project, err := s.Projects().Project(ctx, args[0])
		if err != nil {
			return nil, err
		}
		declared := knownParameters(s, project, args[1:])
		if named {
			return paramValues(declared, name), nil
		}
		return convert(declared, func(p model.Parameter) string {
			return p.Name + "=\t" + strings.TrimSpace(strings.SplitN(p.Help, "\n", 2)[0])
		}), nil
	}
	list, directive := c.complete(find)(cmd, args, typed)
	if !named {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	return list, directive
}

// knownParameters returns what the inline scripts of the steps declare; no steps: all of the project's.
func knownParameters(s *app.Services, project model.Project, steps []string) []model.Parameter {
	var list []model.Parameter
	for _, step := range project.Steps {
		chosen := len(steps) == 0 || slices.ContainsFunc(steps, func(n string) bool { return model.NameKey(n) == model.NameKey(step.Name) })
		if !chosen || step.Script.Source != model.SourceInline {
			continue
		}
		declared, _ := s.Declared().Known(step.Script.Language, step.Script.Body)
		for _, p := range declared {
			if _, twice := model.FindParameter(list, p.Name); !twice {
				list = append(list, p)
			}
		}
	}
	return list
}

func paramValues(declared []model.Parameter, name string) []string {
	p, _ := model.FindParameter(declared, name)
	values := p.Options
	if p.As == model.ArgumentSwitch {
		values = []string{model.CheckedValue, model.UncheckedValue}
	}
	return convert(values, func(v string) string { return name + "=" + v })
}
