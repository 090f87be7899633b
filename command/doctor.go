package command

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/script"
)

// finding is one thing that doctor looked at.
type finding struct {
	Check   string `json:"check"`
	OK      bool   `json:"ok"`
	Warning bool   `json:"warning,omitempty"` // not well, but not needed by everybody
	About   string `json:"about"`
}

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

func (c *cli) diagnose(ctx context.Context) []finding {
	list := []finding{{"version", true, false, fmt.Sprintf("stepdeck %s, %s, SQLite %s", c.version.Number, c.version.Go, c.version.SQLite)}}
	s, err := c.open(ctx)
	if err != nil {
		return append(list, finding{Check: "data", About: sentence(err)})
	}
	list = append(list, data(ctx, s), vaultFinding(ctx, s))
	list = append(list, tools(ctx, s)...)
	return append(list, network(ctx, c.Environ)...)
}

func data(ctx context.Context, s *app.Services) finding {
	problem, err := s.Store.Check(ctx)
	switch {
	case err != nil:
		return finding{Check: "data", About: sentence(err)}
	case problem != "":
		return finding{Check: "data", About: "The database " + s.Store.Path() + " is damaged: " + problem}
	}
	return finding{"data", true, false, s.Store.Dir()}
}

func vaultFinding(ctx context.Context, s *app.Services) finding {
	status, err := s.Vault.Status(ctx)
	if err != nil {
		return finding{Check: "vault", About: sentence(err)}
	}
	if !status.Exists {
		return finding{"vault", true, false, "no secret is kept yet"}
	}
	// A vault is well when every secret in it can be read.
	refs, err := s.Vault.Refs(ctx)
	for i := 0; err == nil && i < len(refs); i++ {
		_, err = s.Vault.Get(ctx, refs[i])
	}
	if err != nil {
		return finding{Check: "vault", About: sentence(err)}
	}
	return finding{"vault", true, false, counted(status.Secrets, "secret", "secrets") + ", opened by the " + string(status.Wrapping)}
}

func tools(ctx context.Context, s *app.Services) []finding {
	var list []finding
	// Versions are asked for again: what is on disk may not be what it was.
	if err := s.Tools.Forget(ctx); err != nil {
		list = append(list, finding{Check: "tools", About: sentence(err)})
	}
	for _, kind := range []script.Kind{script.AWS, script.Bash, script.PowerShell, script.WindowsPowerShell} {
		if kind == script.WindowsPowerShell && runtime.GOOS != "windows" {
			continue
		}
		tool, err := s.Tools.Find(ctx, kind)
		if err != nil {
			list = append(list, finding{Check: string(kind), Warning: true, About: sentence(err)})
			continue
		}
		list = append(list, finding{string(kind), true, false, strings.TrimSpace(tool.Path + "  " + tool.Version)})
	}
	return list
}

// network tells how AWS would be reached, and asks the nearest STS for the time: an answer of any kind shows that name,
// proxy, certificates and clock are right.
func network(ctx context.Context, environ []string) []finding {
	n, err := awsenv.NewNetwork(environ)
	if err != nil {
		return []finding{{Check: "network", About: sentence(err)}}
	}
	defer n.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	list := []finding{{"proxy", true, false, awsenv.Describe(environ)}}
	skew, err := n.Reach(ctx, awsenv.DefaultRegion)
	if err != nil {
		return append(list, finding{Check: "endpoint", Warning: true, About: sentence(err)})
	}
	list = append(list, finding{"endpoint", true, false, "STS in " + awsenv.DefaultRegion + " answers"})
	if skew.Abs() > awsenv.MaxSkew {
		return append(list, finding{Check: "clock", About: fmt.Sprintf("The computer's clock differs from AWS's by %v. Set it: AWS refuses requests from a wrong time.", skew.Round(time.Second))})
	}
	return append(list, finding{"clock", true, false, fmt.Sprintf("within %v of AWS's", skew.Abs().Round(time.Second))})
}
