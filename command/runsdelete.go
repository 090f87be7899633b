package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) runsDelete() *cobra.Command {
	return c.oneRun("delete", "Delete a run that is over, with its log", func(ctx context.Context, s *app.Services, id int64) error {
		run, err := s.Runs().Run(ctx, id)
		if err != nil {
			return err
		}
		if run.Kept {
			return model.NewError("run.kept", "Run %d is kept. To delete it, first run: stepdeck runs keep %d --undo", id, id)
		}
		return s.Runs().DeleteRun(ctx, id)
	})
}
