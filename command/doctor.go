package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app/doctor"
)

func (c *cli) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "doctor",
		Short:   "Check tools, data folder, vault, clock, proxy, certificates and endpoints",
		Args:    exactly(0, "no argument"),
		Example: "  stepdeck doctor\n  stepdeck doctor --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := c.diagnose(cmd.Context())
			healthy := true
			for _, f := range findings {
				healthy = healthy && (f.OK || f.Warning)
				if asJSON {
					if err := c.printJSON(f); err != nil {
						return err
					}
					continue
				}
				sign, colour := "ok  ", green
				switch {
				case f.Warning:
					sign, colour = "warn", yellow
				case !f.OK:
					sign, colour = "BAD ", red
				}
				text := printed(sign)
				if c.OutTTY {
					text = c.paint(colour, sign)
				}
				if err := c.print("%s  %-12s %s", text, f.Check, f.About); err != nil {
					return err
				}
			}
			if !healthy {
				return exitCode(exitFound)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func (c *cli) diagnose(ctx context.Context) []doctor.Finding {
	versions := fmt.Sprintf("stepdeck %s, %s, SQLite %s", c.version.Number, c.version.Go, c.version.SQLite)
	list := []doctor.Finding{{Check: "version", OK: true, About: versions}}
	s, err := c.open(ctx)
	if err != nil {
		return append(list, doctor.Finding{Check: "data", About: sentence(err)})
	}
	for _, f := range s.Examine(ctx) {
		if f.Err != nil {
			f.About = sentence(f.Err)
		}
		list = append(list, f)
	}
	return list
}
