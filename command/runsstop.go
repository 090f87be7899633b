package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) runsStop() *cobra.Command {
	var kill bool
	cmd := c.oneRun("stop", "Stop a run, no matter who started it", func(ctx context.Context, s *app.Services, id int64) error {
		command := model.StopRun
		if kill {
			command = model.KillRun
		}
		if err := s.Runs().Ask(ctx, id, command); err != nil {
			return err
		}
		c.say("Run %d was asked to stop. Follow it with: stepdeck runs log %d --follow", id, id)
		return nil
	})
	cmd.Flags().BoolVar(&kill, "kill", false, "kill its processes at once")
	return cmd
}
