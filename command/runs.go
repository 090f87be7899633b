package command

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) runsCommand() *cobra.Command {
	return group("runs", "List runs, show their logs and artifacts, export, keep, delete, stop and repeat them",
		`  stepdeck runs list --project Website --status failed
  stepdeck runs log 12 --level warning
  stepdeck runs artifacts 12 report.txt
  stepdeck runs again 12 --exactly`,
		c.runsList(), c.runsShow(), c.runsLog(), c.runsArtifacts(), c.runsExport(), c.runsKeep(), c.runsDelete(), c.runsStop(),
		c.runsAgain())
}

// runID parses the number of a run, such as 12 or #12.
func runID(text string) (int64, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64)
	if err != nil || id <= 0 {
		return 0, model.NewError("usage", "%q is not the number of a run. See: stepdeck runs list", text)
	}
	return id, nil
}

// oneRun returns a command that takes the number of one run.
func (c *cli) oneRun(use, short string, do func(ctx context.Context, s *app.Services, id int64) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " ID", Short: short, Args: exactly(1, "the number of a run"),
		ValidArgsFunction: c.complete(firstArg(completeRuns)),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := runID(args[0])
			if err != nil {
				return err
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			return do(cmd.Context(), s, id)
		},
	}
}
