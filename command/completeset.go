package command

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// completeSet completes NAME=VALUE of --set: first the names of the project's variables, then the values that the prompt of the
// variable offers.
func (c *cli) completeSet(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	name, _, named := strings.Cut(typed, "=")
	var variable model.Variable
	find := func(ctx context.Context, s *app.Services, args []string) ([]string, error) {
		if len(args) == 0 {
			return nil, nil
		}
		project, err := s.Projects().Project(ctx, args[0])
		if err != nil {
			return nil, err
		}
		if named {
			variable, _ = project.DeclaredNamed(name)
			return append(valuesToSet(variable, name), c.choicesToSet(ctx, cmd, s, project, name)...), nil
		}
		return namesToSet(project), nil
	}
	list, directive := c.complete(find)(cmd, args, typed)
	switch {
	case !named:
		directive |= cobra.ShellCompDirectiveNoSpace
	case variable.Prompt != nil && variable.Prompt.Control == model.ControlFile:
		directive = cobra.ShellCompDirectiveDefault
	}
	return list, directive
}

// settableValue is a value that can be given for a run, with the shortest text that means it.
type settableValue struct {
	name     string
	variable model.Variable
}

// valuesToGive returns the values of a project and of its steps, each name once.
func valuesToGive(project model.Project) []settableValue {
	var list []settableValue
	short := project.ShortNames()
	add := func(step string, variables []model.Variable) {
		for _, v := range variables {
			name := short(model.ValueName{Step: step, Name: v.Name})
			if !slices.ContainsFunc(list, func(o settableValue) bool { return model.NameKey(o.name) == model.NameKey(name) }) {
				list = append(list, settableValue{name, v})
			}
		}
	}
	add("", project.Variables)
	for _, s := range project.Steps {
		add(s.Name, s.Values)
	}
	return list
}

// namesToSet returns NAME= for each variable that can have a value on the command line.
func namesToSet(project model.Project) []string {
	var list []string
	for _, o := range valuesToGive(project) {
		if o.variable.Type == model.TypeSensitive {
			continue
		}
		about := ""
		if o.variable.Prompt != nil {
			about = o.variable.Prompt.Label
		}
		list = append(list, o.name+"=\t"+about)
	}
	return list
}

// valuesToSet returns NAME=VALUE for each value that the prompt of a variable offers; name is as it was typed.
func valuesToSet(v model.Variable, name string) []string {
	if v.Prompt == nil {
		return nil
	}
	items := menuOf(*v.Prompt)
	if v.Prompt.Control == model.ControlCheckbox {
		items = []menuItem{{value: model.CheckedValue}, {value: model.UncheckedValue}}
	}
	var list []string
	for _, item := range items {
		about := item.label
		if about == item.value {
			about = ""
		}
		list = append(list, name+"="+item.value+"\t"+about)
	}
	return list
}

// completionLimit is how long AWS may take to answer a person who waits for a completion.
const completionLimit = 3 * time.Second

// choicesToSet returns NAME=VALUE for each value that AWS has for a variable, if Stepdeck's own command asks for it. That of a project
// has to be seen before it runs, so it is not run in passing.
func (c *cli) choicesToSet(ctx context.Context, cmd *cobra.Command, s *app.Services, project model.Project, name string) []string {
	v, known := project.DeclaredNamed(name)
	if !known || v.Prompt == nil || v.Prompt.Choices == nil || !v.Prompt.Choices.Known() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, completionLimit)
	defer cancel()
	req := runner.Request{Project: project}
	req.Environment, _ = cmd.Flags().GetString("environment")
	list, err := s.Runs().Runner().Choices(ctx, req, model.ValueName{Name: name}, runner.ChoicesOptions{})
	if err != nil {
		return nil
	}
	return convert(list.List, func(o model.Choice) string { return name + "=" + o.Value + "\t" + o.Label })
}
