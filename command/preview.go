package command

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// preview prints what a run would do. Its exit code is 3 if the run would be refused.
func (c *cli) preview(ctx context.Context, s *app.Services, req runner.Request, f runFlags) error {
	var plan runner.Plan
	var verdicts []runner.Verdict
	var err error
	if f.verify {
		if f.mfaCodeEnv != "" { // a preview asks for no code by itself
			if err := c.askIdentities(ctx, s, req, f); err != nil {
				return err
			}
		}
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
		p("Time limit of the run %s", model.FormatDuration(plan.Timeout))
	}
	if plan.Rehearsal != nil {
		p("Rehearsal: each session may only read. %s", runner.RehearsalLimits)
	}
	for _, problem := range plan.Problems {
		p("REFUSED %s", block(sentence(problem.Err)))
	}
	for _, s := range plan.Steps {
		p("")
		p("Step %d %s", s.Number, s.Step.Name)
		c.showStep(p, s)
		for _, v := range verdicts {
			if v.Step == s.Number && (v.Err != nil || len(s.Problems) == 0) { // AWS is not asked about a step that is refused
				showVerdict(p, v)
			}
		}
		for _, problem := range s.Problems {
			p("  REFUSED %s", block(problem.Located(sentence(problem.Err))))
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
	row := func(name, value string) { p("  %-15s %s", name, value) }
	for _, f := range s.Facts() {
		text := factText(f)
		if f.Kind == runner.FactAccount {
			text += suffix(", endpoint ", s.Account.Endpoint)
		}
		row(cmp.Or(f.Title, factNames()[f.Kind]), text)
	}
	for _, v := range s.Variables {
		value := v.Value
		if v.Sensitive {
			value = "********"
		}
		row("Variable", v.Name+" = "+clipLine(value))
	}
	for _, v := range s.Octopus {
		row("Octopus's own", v.Name+" = "+clipLine(v.Value))
	}
}

// factNames returns the titles of a preview's rows, but for those of options.
func factNames() map[runner.FactKind]string {
	return map[runner.FactKind]string{
		runner.FactNoAccount: "AWS account", runner.FactAccount: "Account", runner.FactLate: "Known later", runner.FactExpected: "Expects",
		runner.FactRole: "Role", runner.FactNextRole: "Then role", runner.FactSessionName: "Session name", runner.FactExternalID: "External ID",
		runner.FactSessionDuration: "Session lasts", runner.FactPolicy: "Session policy", runner.FactPolicyARNs: "Limited by",
		runner.FactTags: "Session tags", runner.FactSourceIdentity: "Source identity",
		runner.FactRegion: "Region", runner.FactEnvironment: "Environment", runner.FactEnvVar: "Env. variable",
		runner.FactPackage: "Package", runner.FactFurtherPackage: "Has", runner.FactArgument: "Parameter", runner.FactPackedPackage: "Has packed",
		runner.FactFolder: "Folder", runner.FactFile: "File", runner.FactLanguage: "Language",
		runner.FactTool: "Runs with", runner.FactAWSTool: "aws",
	}
}

func factText(f runner.Fact) string {
	switch f.Kind {
	case runner.FactNoAccount:
		return "No AWS account"
	case runner.FactLate:
		return "account, role or region, which depend on an earlier step"
	case runner.FactAccount:
		return f.Text + suffix(" through the variable ", f.From)
	case runner.FactExpected:
		return f.Text + " (required by " + f.From + ")"
	case runner.FactSessionDuration:
		return f.Text + suffix(", the most that AWS allows a role assumed from another role, instead of ", f.From)
	case runner.FactEnvVar, runner.FactArgument, runner.FactFurtherPackage, runner.FactPackedPackage:
		return f.From + " = " + f.Text
	case runner.FactPackage:
		return f.Text + " " + versionText(f.From)
	case runner.FactTool, runner.FactAWSTool:
		return strings.TrimSpace(f.Text + " " + f.From)
	}
	return f.Text
}

func showVerdict(p func(string, ...any), v runner.Verdict) {
	switch {
	case v.Err != nil:
		p("  REFUSED %s", block(sentence(v.Err)))
	case v.Late:
		p("  Who: known when the step runs")
	case v.Identity.Account == model.NoAccount:
		p("  Who: no AWS account")
	default:
		p("  Who: %s%s as %s%s", v.Identity.AWSID, suffix(" ", cmp.Or(v.Account.Label, v.Account.Alias)), v.Identity.ARN,
			map[bool]string{true: "  SANDBOX"}[v.Identity.Sandbox])
		if text := keysText(v); text != "" {
			p("  Keys: %s", text)
		}
	}
	for _, n := range v.Notices {
		p("  NOTE %s", n)
	}
}

// keysText says how the script gets its keys, why that way, and until when those live that it would get now.
func keysText(v runner.Verdict) string {
	text := map[runner.DeliveryReason]string{
		runner.KeysNeverEnd:  "in the environment: they don't end",
		runner.ChosenNever:   "in the environment, as the step has it",
		runner.LastLonger:    "in the environment: they live longer than the step usually takes",
		runner.UnknownLength: "in the environment: how long the step takes is not known yet",
		runner.ChosenAlways:  "renewed while the script runs, as the step has it",
		runner.OfConsole:     "renewed while the script runs: those of a console sign-in live for minutes",
		runner.EndTooEarly:   "renewed while the script runs: they would end before the step usually does",
	}[v.Keys.Why]
	if text != "" && !v.Identity.Expires.IsZero() {
		text += "; now they would live until " + localTime(v.Identity.Expires)
	}
	return text
}

func suffix(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}
