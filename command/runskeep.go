package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
)

func (c *cli) runsKeep() *cobra.Command {
	var undo bool
	cmd := c.oneRun("keep", "Keep a run forever, whatever its age", func(ctx context.Context, s *app.Services, id int64) error {
		return s.Runs().KeepRun(ctx, id, !undo)
	})
	cmd.Flags().BoolVar(&undo, "undo", false, "let the run be deleted by age again")
	return cmd
}
