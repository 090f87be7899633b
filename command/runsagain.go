package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
)

func (c *cli) runsAgain() *cobra.Command {
	var exact bool
	var f runFlags
	const short = "Repeat a run: its steps as they are now, or exactly what it ran"
	cmd := c.oneRun("again", short, func(ctx context.Context, s *app.Services, id int64) error {
		req, err := s.Runs().Again(ctx, id, exact)
		if err != nil {
			return err
		}
		req.Confirm = f.confirm
		given, err := c.given(req.Project, f)
		if err != nil {
			return err
		}
		req.Given = append(req.Given, given...) // of two for one value the last one counts
		return c.identified(ctx, s, req, f)
	})
	cmd.Flags().BoolVar(&exact, "exactly", false, "use the inputs that the run stored")
	cmd.Flags().StringArrayVar(&f.confirm, "confirm", nil, "ID or LABEL of a protected AWS account that the run may act in")
	cmd.Flags().StringVar(&f.mfaCodeEnv, "mfa-code-env", "", mfaCodeUsage)
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "NAME=VALUE: use another value this time")
	cmd.Flags().StringArrayVar(&f.setEnv, "set-env", nil,
		"NAME=VAR: take the value from an environment variable; sensitive values are never stored with a run")
	cmd.Flags().StringArrayVar(&f.setFile, "set-file", nil, "NAME=FILE: take the value from a file, as it is")
	cmd.Flags().BoolVar(&f.timestamps, "timestamps", false, "print the time and stream before each line")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON object per line")
	cmd.Flags().BoolVar(&f.events, "events", false, "print events as JSON without the lines' text, and read commands from standard input")
	cmd.MarkFlagsMutuallyExclusive("json", "events", "timestamps")
	f.addSignInWait(cmd)
	f.addArtifacts(cmd)
	c.secretsFlag(cmd, &f)
	return cmd
}
