package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
)

func (c *cli) projectsPin() *cobra.Command {
	var awsID string
	var undo bool
	cmd := &cobra.Command{
		Use: "pin PROJECT STEP…", Short: "Pin steps to the AWS account in which they have run well",
		Long: `Pin steps to the AWS account in which they have run well, or to another one: a run that would act in another AWS
account is then refused before any script starts. It is the step's expected AWS account.`,
		Example: `  stepdeck projects pin Website "Roll the web tier"
  stepdeck projects pin Website "Roll the web tier" --aws-account 123456789012
  stepdeck projects pin Website "Roll the web tier" --undo`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return exactly(2, "the name of a project, and of at least one of its steps")(cmd, args)
			}
			return nil
		}, ValidArgsFunction: c.complete(completeSteps),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			for _, step := range args[1:] {
				text, err := pinStep(cmd.Context(), s, args[0], step, awsID, undo)
				if err != nil {
					return err
				}
				c.say("%s", text)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&awsID, "aws-account", "", "id of the AWS account; without it the one in which the step has run well")
	cmd.Flags().BoolVar(&undo, "undo", false, "let the steps act in any AWS account again")
	cmd.MarkFlagsMutuallyExclusive("aws-account", "undo")
	return cmd
}

// pinStep pins a step, and returns what was done.
func pinStep(ctx context.Context, s *app.Services, project, step, awsID string, undo bool) (string, error) {
	switch {
	case undo:
		return fmt.Sprintf("The step %q may act in any AWS account.", step), s.Projects().Pin(ctx, project, step, "")
	case awsID != "":
		return fmt.Sprintf("The step %q acts only in AWS account %s.", step, awsID), s.Projects().Pin(ctx, project, step, awsID)
	}
	proven, err := s.Projects().PinProven(ctx, project, step)
	return fmt.Sprintf("The step %q acts only in AWS account %s, in which run %d succeeded.", step, proven.AWSID, proven.Run), err
}
