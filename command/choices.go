package command

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// choicesFlags are the flags of choices.
type choicesFlags struct {
	environment, filter string
	set, confirm        []string
	asJSON              bool
}

func (c *cli) choicesCommand() *cobra.Command {
	var f choicesFlags
	cmd := &cobra.Command{
		Use: "choices PROJECT NAME", Short: "Print the values that AWS has for a variable's prompt",
		Long: `Print the values that AWS has for a variable's prompt: names of buckets, of stacks, or whatever its choices are of.

AWS is asked as the identity of the first step that uses the variable: its account, its roles, its region. STEP/NAME is a step's own
variable, for which AWS is asked as that step. Nobody is signed in for it. Which command of aws asks, and as whom, stands on
standard error.`,
		Example: `  stepdeck choices Website Bucket
  stepdeck choices Website Instance --environment Production --filter web --json`,
		Args:              exactly(2, "the names of a project and of a variable"),
		ValidArgsFunction: c.complete(completeChosen),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.choices(cmd.Context(), args[0], args[1], f) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.environment, "environment", "e", "", "environment whose values, account and region count")
	flags.StringVar(&f.filter, "filter", "", "print only those with all of these words in the value or label")
	flags.StringArrayVar(&f.set, "set", nil, "NAME=VALUE: a value that the account, role or region depends on")
	flags.StringArrayVar(&f.confirm, "confirm", nil, "ID or LABEL of the protected AWS account in which a command of the project may run")
	flags.BoolVar(&f.asJSON, "json", false, "print one JSON object per line")
	_ = cmd.RegisterFlagCompletionFunc("environment", c.complete(completeEnvironments))
	return cmd
}

func (c *cli) choices(ctx context.Context, project, name string, f choicesFlags) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	p, err := s.Projects().Project(ctx, project)
	if err != nil {
		return err
	}
	given, err := c.given(p, runFlags{set: f.set})
	if err != nil {
		return err
	}
	req := runner.Request{Project: p, RunOptions: model.RunOptions{Environment: f.environment, Given: given, Confirm: f.confirm}}
	if v, known := p.DeclaredNamed(name); known && v.Prompt != nil && v.Prompt.Choices != nil {
		c.say("%s", v.Prompt.Choices.CommandLine())
	}
	list, err := s.Runs().Runner().Choices(ctx, req, model.ValueName{Name: name}, runner.ChoicesOptions{})
	if err != nil {
		return err
	}
	c.sayWho(list)
	found := slices.DeleteFunc(slices.Clone(list.List), func(o model.Choice) bool { return !o.Matches(f.filter) })
	return c.printChoices(found, f.asJSON)
}

// sayWho says as whom AWS was asked, and what is missing from the answer.
func (c *cli) sayWho(list runner.Choices) {
	region := list.Region
	if region == "" {
		region = "no region"
	}
	c.say("As step %s: %s, in AWS account %s, %s", list.Step, list.Identity.ARN, list.Account, region)
	switch {
	case len(list.List) == 0:
		c.say("AWS has none.")
	case list.Cut:
		c.say("There are more: these are the first %d.", len(list.List))
	}
	if list.LeftOut > 0 {
		c.say("Left out: %s, empty, too long or with characters that can't be chosen.", model.Count(list.LeftOut, "value", "values"))
	}
}

func (c *cli) printChoices(list []model.Choice, asJSON bool) error {
	for _, o := range list {
		if asJSON {
			if err := c.printJSON(choiceRecord(o)); err != nil {
				return err
			}
			continue
		}
		text := o.Value
		if o.Label != "" {
			text += "\t" + o.Label
		}
		if err := c.print("%s", block(text)); err != nil {
			return err
		}
	}
	return nil
}

// choiceRecord is a line of `choices --json`.
type choiceRecord struct {
	Value string `json:"value"`
	Label string `json:"label" about:"what people see beside the value; may be empty"`
}

// completeChosen completes a project, then those of its variables that have choices from AWS.
func completeChosen(ctx context.Context, s *app.Services, args []string) ([]string, error) {
	if len(args) != 1 {
		return firstArg(completeProjects)(ctx, s, args)
	}
	project, err := s.Projects().Project(ctx, args[0])
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range valuesToGive(project) {
		if v := o.variable; v.Prompt != nil && v.Prompt.Choices != nil {
			names = append(names, o.name)
		}
	}
	return names, nil
}
