package command

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) runsShow() *cobra.Command {
	var asJSON bool
	const short = "Show who started a run, what it ran and how it ended"
	cmd := c.oneRun("show", short, func(ctx context.Context, s *app.Services, id int64) error {
		r, err := s.Runs().Run(ctx, id)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(newRunRecord(r))
		}
		c.showRun(r)
		return nil
	})
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

func (c *cli) showRun(r model.Run) {
	// safef keeps each on one line: messages and names may come from scripts, and must not pass for Stepdeck's own lines.
	p := func(text string, args ...any) { fmt.Fprintln(c.Out, safef(text, args...)) }
	kept := map[bool]string{true: ", kept"}[r.Kept]
	if r.Rehearsal != nil {
		kept += ", rehearsal"
	}
	p("Run %d: %s%s", r.ID, r.Status, kept)
	p("  %-13s %s%s", "Project", r.Project, suffix(", environment ", r.Environment))
	p("  %-13s %s", "Who", r.Who)
	p("  %-13s %s%s", "Started", localTime(r.Started), suffix(", took ", lasted(r.Status, r.Started, r.Finished)))
	if r.Status.Over() {
		p("  %-13s %d", "Exit code", r.ExitCode)
	}
	if r.Message != "" {
		p("  %-13s %s", "Message", r.Message)
	}
	for _, s := range r.Steps {
		showStepRun(p, s)
	}
}

// ofAttempts says which attempt at a step it is, if there may be several.
func ofAttempts(s model.StepRun) string {
	if s.Attempts <= 1 {
		return ""
	}
	return fmt.Sprintf(" (attempt %d of %d)", s.Attempt, s.Attempts)
}

func showStepRun(p func(string, ...any), s model.StepRun) {
	p("")
	p("Step %d %s%s: %s", s.Number, s.Step, ofAttempts(s), s.Status)
	row := func(name, value string) {
		if value != "" {
			p("  %-13s %s", name, value)
		}
	}
	if s.Identity.AWSID != "" {
		row("Acted in", s.Identity.AWSID+inRegion(s.Region)+map[bool]string{true: "  SANDBOX"}[s.Identity.Sandbox])
		row("As", s.Identity.ARN)
		row("Account", s.Identity.Account)
	}
	row("Took", lasted(s.Status, s.Started, s.Finished))
	if s.ExitCode != nil {
		row("Exit code", strconv.Itoa(*s.ExitCode))
	}
	row("Signal", s.Signal)
	row("Message", s.Message)
	if s.ResultMessage != s.Message {
		row("Result", s.ResultMessage)
	}
	if p := s.Progress; p.Percent >= 0 {
		row("Progress", strconv.Itoa(p.Percent)+" %"+suffix(" ", p.Message))
	}
	if s.Lines > 0 {
		row("Log", model.Count(s.Lines, "line", "lines")+", "+model.Count(s.Masked, "place", "places")+" hidden")
	}
	if s.Inputs.Package != "" {
		row("Package", s.Inputs.Package+" "+versionText(s.Inputs.PackageVersion)+" "+s.Inputs.File)
	}
	for _, p := range s.Inputs.Packages {
		row("Has", p.Name+" = "+p.Package+" "+versionText(p.Version))
	}
	if s.Inputs.Folder != "" {
		row("Folder", s.Inputs.Folder)
		row("File", s.Inputs.File)
		row("SHA-256", s.Inputs.FolderSHA256)
	}
	for _, c := range s.RefusedCalls {
		row("Refused", c.String()+" (line "+strconv.FormatInt(c.Line, 10)+")"+suffix(" ", c.Because))
	}
	for _, h := range s.Highlights {
		row("Highlight", fmt.Sprintf("%s (line %d)", h.Text, h.Line))
	}
	for _, a := range s.Artifacts {
		row("Artifact", a.Name+", "+model.FormatBytes(a.Size)+suffix(", ", artifactNote(a)))
	}
	for _, o := range s.Outputs {
		value := o.Value
		if o.Sensitive {
			value = "(sensitive)"
		}
		row("Output", o.Name+" = "+clipLine(value))
	}
}
