package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// preview shows what a run would do. It exits with 3 where the run would be refused.
func (c *cli) preview(ctx context.Context, s *app.Services, req runner.Request, f runFlags) error {
	var plan runner.Plan
	var verdicts []runner.Verdict
	var err error
	if f.verify {
		plan, verdicts, err = s.Runs().Runner().Verify(ctx, req)
	} else {
		plan, err = s.Runs().Runner().Plan(ctx, req)
	}
	if err != nil {
		return err
	}
	refused := len(plan.Refused()) > 0
	for _, v := range verdicts {
		refused = refused || v.Err != nil
	}
	if f.asJSON {
		out := previewRecord{Plan: planRecord(plan), Refused: refused}
		if f.verify {
			out.Verdicts = new(verdictRecords(verdicts))
		}
		if err := c.printTagged(out); err != nil {
			return err
		}
	} else {
		c.showPlan(plan, verdicts)
	}
	if refused {
		return exitCode(runner.ExitRefused)
	}
	return nil
}

func (c *cli) showPlan(plan runner.Plan, verdicts []runner.Verdict) {
	p := func(text string, args ...any) { fmt.Fprintln(c.Out, safef(text, args...)) }
	p("Project %s%s", plan.Project, suffix(", environment ", plan.Environment))
	if plan.Timeout > 0 {
		p("Time limit of the run %v", plan.Timeout)
	}
	for _, problem := range plan.Problems {
		p("REFUSED %s", block(sentence(problem.Err)))
	}
	for _, s := range plan.Steps {
		p("")
		p("Step %d %s", s.Number, s.Step.Name)
		c.showStep(p, s)
		for _, v := range verdicts {
			if v.Step == s.Number {
				showVerdict(p, v)
			}
		}
		for _, problem := range s.Problems {
			p("  REFUSED %s: %s", problem.Field, block(sentence(problem.Err)))
		}
		for _, w := range s.Warnings {
			p("  WARNING %s", w)
		}
		for _, n := range s.Notices {
			p("  NOTE %s", n)
		}
		for _, part := range []struct{ title, text string }{{"Parameters", s.Parameters}, {"Script", s.Script}} {
			if part.text == "" {
				continue
			}
			p("  %s:", part.title)
			for line := range strings.SplitSeq(strings.TrimRight(part.text, "\n"), "\n") {
				p("    %s", block(strings.TrimRight(line, "\r")))
			}
		}
	}
}

func (c *cli) showStep(p func(string, ...any), s runner.StepPlan) {
	row := func(name, value string) {
		if value != "" {
			p("  %-15s %s", name, value)
		}
	}
	switch {
	case s.NoAccount:
		row("AWS account", "No AWS account")
	case s.Account.Name != "":
		row("Account", s.Account.Name+suffix(" through the variable ", s.AccountVariable)+suffix(", endpoint ", s.Account.Endpoint))
	case s.Late:
		row("Account", "known at its turn")
	}
	for _, e := range s.Expect {
		row("Expects", e.AWSID+" (says "+e.From+")")
	}
	if s.Role != nil {
		row("Role", s.Role.ARN)
		row("Session name", s.Role.SessionName)
		row("External ID", s.Role.ExternalID)
		if s.Role.Duration > 0 {
			row("Session lasts", fmt.Sprintf("%d s", s.Role.Duration))
		}
	}
	row("Region", s.Region)
	row("Environment", strings.Join(s.Environ, " "))
	if s.Package != nil {
		row("Package", s.Package.Name+" "+versionText(s.Package.Version))
		row("File", s.Entry)
	}
	if s.Folder != "" {
		row("Folder", s.Folder)
		row("File", s.Entry)
	}
	row("Language", string(s.Language))
	row("Runs with", strings.TrimSpace(s.Tool.Path+" "+s.Tool.Version))
	row("aws", strings.TrimSpace(s.AWSTool.Path+" "+s.AWSTool.Version))
	o := s.Step.Options
	if o.Timeout > 0 {
		row("Time limit", o.Timeout.String())
	}
	row("Error output", string(o.Stderr))
	if s.Language == model.PowerShell {
		row("Edition", string(o.Edition))
	}
	row("On failure", map[bool]string{true: "stops at the first failing command", false: "goes on"}[o.StopOnFirstFailure])
	row("~/.aws files", map[bool]string{true: "hidden from the script", false: "readable by the script"}[o.IsolateAWSConfig])
	for _, v := range s.Variables {
		value := v.Value
		if v.Sensitive {
			value = "********"
		}
		row("Variable", v.Name+" = "+clipLine(value))
	}
}

func showVerdict(p func(string, ...any), v runner.Verdict) {
	switch {
	case v.Err != nil:
		p("  REFUSED %s", block(sentence(v.Err)))
	case v.Late:
		p("  Who: known at its turn")
	case v.Identity.Account == model.NoAccount:
		p("  Who: nobody")
	default:
		p("  Who: %s%s as %s%s", v.Identity.AWSID, suffix(" ", v.Account.Label), v.Identity.ARN, map[bool]string{true: "  SANDBOX"}[v.Identity.Sandbox])
	}
	for _, n := range v.Notices {
		p("  NOTE %s", n)
	}
}

func suffix(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}
