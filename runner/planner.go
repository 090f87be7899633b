package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// planner holds what all steps of one run share.
type planner struct {
	*Runner
	req      Request
	accounts []model.Account
	vars     *values
	open     reveal
	chosen   []chosenStep
}

type chosenStep struct {
	number int
	step   model.Step
}

// newPlanner prepares a plan. Without a way to open secrets, the plan is only looked at, and what is sensitive is hidden.
func (r *Runner) newPlanner(ctx context.Context, req Request, open reveal) (*planner, error) {
	given := req.Given
	if open == nil {
		open, given = hide, hideGiven(req.Project, given)
	}
	p := &planner{Runner: r, req: req, open: open}
	var err error
	if p.req.Environment, err = chooseEnvironment(req.Project, req.Environment); err != nil {
		return nil, err
	}
	if p.chosen, err = chooseSteps(req.Project, req.Steps); err != nil {
		return nil, err
	}
	if err := checkGiven(req.Project, req.Given); err != nil {
		return nil, err
	}
	if err := checkSize(req.Project, p.chosen); err != nil {
		return nil, err
	}
	if p.accounts, err = r.deps.Configuration.Accounts(ctx); err != nil {
		return nil, err
	}
	if p.vars, err = newValues(ctx, req.Project, p.req.Environment, given, open); err != nil {
		return nil, err
	}
	return p, nil
}

// maxValues is how many values a plan may hold: each step has all that it can read.
const maxValues = 1_000_000

func checkSize(project model.Project, chosen []chosenStep) error {
	values := len(chosen) * len(project.Variables)
	for _, c := range chosen {
		values += len(c.step.Values)
	}
	if values > maxValues {
		return model.NewError("run.values.many", "Project %q has so many steps and variables that its steps would read %d values together, and a run has %d at most. Name fewer steps.", project.Name, values, maxValues)
	}
	return nil
}

func chooseEnvironment(project model.Project, name string) (string, error) {
	list := strings.Join(project.Environments, ", ")
	switch {
	case name != "" && len(project.Environments) == 0:
		return "", model.NewError("run.environment.none", "Project %q has no environments. Run it without one.", project.Name)
	case name != "":
		for _, e := range project.Environments {
			if model.NameKey(e) == model.NameKey(name) {
				return e, nil
			}
		}
		return "", model.NewError("run.environment.unknown", "Project %q has no environment %q. It has: %s.", project.Name, name, list)
	case len(project.Environments) == 1:
		return project.Environments[0], nil
	case len(project.Environments) > 1:
		return "", model.NewError("run.environment.missing", "Project %q has several environments. Choose one with --environment: %s.", project.Name, list)
	}
	return "", nil
}

func chooseSteps(project model.Project, names []string) ([]chosenStep, error) {
	var chosen []chosenStep
	if len(names) == 0 {
		for i, s := range project.Steps {
			if s.Enabled {
				chosen = append(chosen, chosenStep{i + 1, s})
			}
		}
		if len(chosen) == 0 {
			return nil, model.NewError("run.steps.none", "Project %q has no enabled step. Add one or enable one.", project.Name)
		}
		return chosen, nil
	}
	wanted := map[int]bool{}
	for _, name := range names {
		_, at := project.Step(name)
		if at < 0 {
			all := make([]string, len(project.Steps))
			for i, s := range project.Steps {
				all[i] = s.Name
			}
			hint := "It has: " + strings.Join(all, ", ") + "."
			if near := model.Nearest(name, all); near != "" {
				hint = fmt.Sprintf("Did you mean %q?", near)
			}
			return nil, model.NewError("run.step.unknown", "Project %q has no step %q. %s", project.Name, name, hint)
		}
		wanted[at] = true
	}
	for i, s := range project.Steps { // in the order of the process, whatever the order of the names
		if wanted[i] {
			chosen = append(chosen, chosenStep{i + 1, s})
		}
	}
	return chosen, nil
}

// checkGiven refuses values for names that the project does not have.
func checkGiven(project model.Project, given []Given) error {
	var names []string
	gather := func(list []model.Variable) {
		for _, v := range list {
			names = append(names, v.Name)
		}
	}
	gather(project.Variables)
	for _, s := range project.Steps {
		gather(s.Values)
	}
	for _, g := range given {
		if v, known := declaration(project, g.Name); known {
			if p := v.Prompt; p != nil && p.Control == model.ControlSelect && !slices.Contains(p.Options, g.Value) {
				return model.NewError("run.value.option", "%q can't be that value. It is one of: %s.", g.Name, strings.Join(p.Options, ", "))
			}
			continue
		}
		if near := model.Nearest(g.Name, names); near != "" {
			return model.NewError("run.value.unknown", "Project %q has no variable %q. Did you mean %q?", project.Name, g.Name, near)
		}
		return model.NewError("run.value.unknown", "Project %q has no variable %q.", project.Name, g.Name)
	}
	return nil
}

func (p *planner) plan(ctx context.Context) (Plan, error) {
	plan := Plan{Project: p.req.Project.Name, Environment: p.req.Environment, Timeout: p.req.Timeout}
	p.prompts(&plan)
	budget := substitute.NewBudget()
	for i, c := range p.chosen {
		var earlier []model.Step
		for _, e := range p.chosen[:i] {
			earlier = append(earlier, e.step)
		}
		sp, err := p.step(ctx, c, earlier, false, budget)
		if err != nil {
			return Plan{}, err
		}
		plan.Steps = append(plan.Steps, sp)
	}
	return plan, nil
}

// prompts finds values that must be answered and are not.
func (p *planner) prompts(plan *Plan) {
	for _, q := range questions(p.req.Project, p.req.Environment, p.chosen, p.req.Given) {
		if v := q.Variable; q.Required {
			plan.Problems = append(plan.Problems, Problem{q.Step, "variables", model.NewError(promptMissing,
				"The run needs a value for %q. Give it with --set %s=…, or --set-env and --set-file where it is a secret.", promptTitle(v), v.Name)})
		}
	}
}

func promptTitle(v model.Variable) string {
	if v.Prompt.Label != "" {
		return v.Prompt.Label
	}
	return v.Name
}

// step resolves one step. At its turn (final) nothing may be left open.
func (p *planner) step(ctx context.Context, c chosenStep, earlier []model.Step, final bool, budget *substitute.Budget) (StepPlan, error) {
	sp := StepPlan{Number: c.number, Step: c.step, Problems: c.step.Check()}
	vars, err := p.vars.forStep(ctx, c.step, p.open, budget)
	if err != nil {
		return StepPlan{}, err
	}
	r := resolver{accounts: p.accounts, vars: vars, earlier: earlier, final: final}
	r.aws(&sp)
	if err := p.script(ctx, r, &sp); err != nil {
		return StepPlan{}, err
	}
	sp.Parameters = r.text(&sp, "the parameters", c.step.Script.Parameters)
	sp.Variables = r.variables(&sp)
	p.tools(ctx, &sp)
	if err := ctx.Err(); err != nil { // what was not worked out looks like a fault of the step
		return StepPlan{}, err
	}
	sp.Environ = environNames(sp)
	if len(c.step.Check()) > 0 {
		sp.Problems = dedupe(sp.Problems)
	}
	return sp, nil
}

// environNames lists the AWS variables that the script will have, for the preview.
func environNames(sp StepPlan) []string {
	var names []string
	if sp.Step.AWS.Region != "" {
		names = append(names, "AWS_DEFAULT_REGION", "AWS_REGION")
	}
	if sp.NoAccount {
		return names
	}
	names = append(names, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
	if sp.Role != nil || sp.Account.TokenSet || sp.Account.Kind == model.KindInstanceRole {
		names = append(names, "AWS_SESSION_TOKEN")
	}
	if sp.Role != nil || sp.Account.Kind == model.KindInstanceRole {
		names = append(names, "AWS_CREDENTIAL_EXPIRATION")
	}
	if sp.Account.Endpoint != "" {
		names = append(names, "AWS_ENDPOINT_URL")
	}
	slices.Sort(names)
	return names
}

// The same thing may be wrong as it is written and again as it is resolved; it is told once per field.
func dedupe(list []model.Problem) []model.Problem {
	seen := map[string]bool{}
	out := list[:0:0]
	for _, p := range list {
		key := p.Field + "\x00" + model.ErrorCode(p.Err)
		if !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}

// script resolves what the step runs.
func (p *planner) script(ctx context.Context, r resolver, sp *StepPlan) error {
	s := sp.Step.Script
	switch s.Source {
	case model.SourceInline:
		sp.Language = s.Language
		sp.Written = s.Body
		sp.Script = r.text(sp, "the script", s.Body)
		return nil
	case model.SourcePackage:
		return p.packaged(ctx, r, sp)
	case model.SourceFolder:
		p.inFolder(ctx, r, sp)
	}
	return nil // Check has refused the others
}

// tools finds the programs. Without an interpreter nothing can run; not every script needs aws.
func (p *planner) tools(ctx context.Context, sp *StepPlan) {
	if sp.Language == model.PowerShell || sp.Language == model.Bash {
		tool, err := p.deps.Tools.Interpreter(ctx, sp.Language, sp.Step.Options.Edition)
		if err != nil {
			sp.problem("script.language", err)
		}
		sp.Tool = tool
	}
	tool, err := p.deps.Tools.AWS(ctx)
	if err != nil {
		sp.Notices = append(sp.Notices, err.Error())
	}
	sp.AWSTool = tool
}
