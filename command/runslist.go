package command

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) runsList() *cobra.Command {
	var project, status string
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List runs, the newest first", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			if status != "" && !slices.Contains(model.Statuses(), model.Status(status)) {
				return model.NewError("usage", "%q is not a status. Choose one of: %s.", status, joinStatuses())
			}
			filter := model.RunFilter{Project: project, Status: model.Status(status), Limit: limit}
			runs, err := s.Runs().Runs(cmd.Context(), filter)
			if err != nil {
				return err
			}
			defer c.sayIfTruncated(cmd.Context(), s, filter, len(runs))
			var rows [][]string
			for _, r := range runs {
				if asJSON {
					if err := c.printJSON(newRunRecord(r)); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, runRow(r))
			}
			if asJSON {
				return nil
			}
			if len(rows) == 0 {
				c.say("No runs match.")
				return nil
			}
			return c.table([]string{"RUN", "STATUS", "EXIT", "PROJECT", "ENVIRONMENT", "AWS ACCOUNT", "WHO", "STARTED", "TOOK"}, rows)
		},
	}
	cmd.Flags().StringVar(&project, "project", "", "only runs of this project")
	cmd.Flags().StringVar(&status, "status", "", "only runs with this status: "+joinStatuses())
	cmd.Flags().IntVar(&limit, "limit", 100, "list at most this many; 0: all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

// runRow returns the cells of the table of runs.
func runRow(r model.Run) []string {
	code := ""
	if r.Status.Over() {
		code = strconv.Itoa(r.ExitCode)
	}
	status := string(r.Status)
	if r.Rehearsal != nil {
		status += ", rehearsal"
	}
	return []string{
		strconv.FormatInt(r.ID, 10), status, code, r.Project, r.Environment, strings.Join(r.AWSAccounts(), " "), r.Who,
		localTime(r.Started), lasted(r.Status, r.Started, r.Finished),
	}
}

// sayIfTruncated reports that --limit cut the list. If counting fails it says nothing: the list itself is still correct.
func (c *cli) sayIfTruncated(ctx context.Context, s *app.Services, filter model.RunFilter, shown int) {
	if filter.Limit <= 0 || shown < filter.Limit {
		return
	}
	if all, err := s.Runs().CountRuns(ctx, filter); err == nil && all > shown {
		c.say("These are the newest %d of %d runs. --limit 0 lists all of them.", shown, all)
	}
}

func joinStatuses() string {
	words := make([]string, 0, len(model.Statuses()))
	for _, s := range model.Statuses() {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}
