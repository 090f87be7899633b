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
		Use: "doctor", Short: "Check tools, data folder, vault, clock, proxy, certificates and endpoints", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := c.diagnose(cmd.Context())
			well := true
			for _, f := range findings {
				well = well && (f.OK || f.Warning)
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
			if !well {
				return exitCode(exitFound)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

func (c *cli) diagnose(ctx context.Context) []doctor.Finding {
	list := []doctor.Finding{{Check: "version", OK: true, About: fmt.Sprintf("stepdeck %s, %s, SQLite %s", c.version.Number, c.version.Go, c.version.SQLite)}}
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
