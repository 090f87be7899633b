package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/script"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// planner is a request, everything that its steps need, and its plan with hidden values.
type planner struct {
	runner  *Runner
	req     Request              // its environment is one of the project's; given values that are sensitive are hidden
	given   func() []model.Given // the real values
	chosen  []chosenStep
	runID   int64 // 0 before the run begins
	sources *sources
	octopus octopus.Run
	values  *values // hidden, as in plan
	plan    Plan
}

type chosenStep struct {
	number int
	step   model.Step
	group  int  // steps with the same number run at the same time
	alone  bool // a person has chosen this step alone
	added  bool // nobody has chosen it, but it is required
}

// newPlanner reads what the request needs. It makes no network call and opens no vault.
func (r *Runner) newPlanner(ctx context.Context, req Request) (*planner, error) {
	p, err := r.outline(req)
	if err != nil {
		return nil, err
	}
	if err := p.takeGiven(); err != nil {
		return nil, err
	}
	if err := checkRehearsal(req.Rehearsal); err != nil {
		return nil, err
	}
	if err := checkSize(req.Project, p.chosen); err != nil {
		return nil, err
	}
	if p.sources, err = newSources(ctx, r.deps); err != nil {
		return nil, err
	}
	if p.octopus, err = p.octopusRun(ctx); err != nil {
		return nil, err
	}
	if p.values, err = p.newValues(ctx, p.req.Given, hide); err != nil {
		return nil, err
	}
	if err := p.resolvePlan(ctx); err != nil {
		return nil, err
	}
	p.plan.Problems = p.unanswered()
	return p, nil
}

// newValues returns the values of the run.
func (p *planner) newValues(ctx context.Context, given []model.Given, open reveal) (*values, error) {
	v, err := newValues(ctx, p.req.Project, p.req.Environment, given, open)
	if err != nil {
		return nil, err
	}
	v.accounts, v.layers[layerOctopusRun] = p.sources.accounts, newOctopusLayer(p.octopus)
	return v, nil
}

// resolvePlan resolves the steps with hidden values.
func (p *planner) resolvePlan(ctx context.Context) error {
	steps, err := p.resolve(ctx, p.values, hide)
	if err != nil {
		return err
	}
	p.plan.Steps = p.plan.Steps[:0]
	for _, s := range steps {
		p.plan.Steps = append(p.plan.Steps, *s)
	}
	return nil
}

// outline returns a planner whose plan has nothing resolved.
func (r *Runner) outline(req Request) (*planner, error) {
	environment, err := chooseEnvironment(req.Project, req.Environment)
	if err != nil {
		return nil, err
	}
	chosen, err := chooseSteps(req.Project, req.Steps)
	if err != nil {
		return nil, err
	}
	given := req.Given
	req.Environment, req.Given = environment, hideGiven(req.Project, given)
	plan := Plan{Project: req.Project.Name, Environment: environment, Timeout: req.Timeout, Rehearsal: req.Rehearsal}
	for _, c := range chosen {
		plan.Steps = append(plan.Steps, StepPlan{
			Number: c.number, Step: c.step, Language: c.step.Script.Language, Written: c.step.Script.Body,
		})
	}
	return &planner{runner: r, req: req, given: func() []model.Given { return given }, chosen: chosen, plan: plan}, nil
}

// plannerForRun is newPlanner for a run, which must be recorded even if it is interrupted: then it returns the outline.
func (r *Runner) plannerForRun(ctx context.Context, req Request) (*planner, error) {
	p, err := r.newPlanner(ctx, req)
	if _, _, interrupted := interruption(ctx); err != nil && interrupted {
		return r.outline(req)
	}
	return p, err
}

// maxValues is the maximum number of values in a plan. Each step has all values that it can read.
const maxValues = 1_000_000

func checkSize(project model.Project, chosen []chosenStep) error {
	values := len(chosen) * (len(project.Variables) + len(project.EnvVars))
	for _, c := range chosen {
		values += len(c.step.Values) + len(c.step.EnvVars)
	}
	if values > maxValues {
		return model.NewError("run.values.many",
			"Project %q has so many steps and variables that its steps would have %d values together; a run can have %d. "+
				"Choose fewer steps.", project.Name, values, maxValues)
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
		return "", unanswered{
			model.NewError("run.environment.missing", "Project %q has several environments. Choose one: %s.", project.Name, list),
			Environments{project.Environments},
		}
	}
	return "", nil
}

func unknownStep(project model.Project, name string) error {
	all := make([]string, len(project.Steps))
	for i, s := range project.Steps {
		all[i] = s.Name
	}
	hint := "It has: " + strings.Join(all, ", ") + "."
	if near := model.Nearest(name, all); near != "" {
		hint = fmt.Sprintf("Did you mean %q?", near)
	}
	return model.NewError("run.step.unknown", "Project %q has no step %q. %s", project.Name, name, hint)
}

// unanswered returns a problem for each required prompt without an answer.
func (p *planner) unanswered() []Problem {
	var list []Problem
	for _, q := range prompts(p.req.Project, p.req.Environment, p.chosen, p.req.Given) {
		if q.Required {
			list = append(list, Problem{q.Step, "variables", missingPrompt(q)})
		}
	}
	return list
}

// resolve resolves all steps with one set of values, before any of them has run.
func (p *planner) resolve(ctx context.Context, vars *values, open reveal) ([]*StepPlan, error) {
	budget, spare := p.budgets()
	steps := make([]*StepPlan, 0, len(p.chosen))
	for i, c := range p.chosen {
		own, err := vars.ownLayer(ctx, c.step, open)
		if err != nil {
			return nil, err
		}
		env, err := vars.newEnvironment(ctx, p.req.Project, c.step, open)
		if err != nil {
			return nil, err
		}
		s, err := p.step(ctx, i, vars.with(ctx, own, budget.Part(), spare), env, false)
		if err != nil {
			return nil, err
		}
		s.own, s.env = own, env
		steps = append(steps, s)
	}
	return steps, nil
}

// budgets returns the budgets for a plan, or for a step that is about to run: one of which each step has a part, and one for the values
// that steps get and don't read.
func (p *planner) budgets() (whole, spare *substitute.Budget) {
	whole, spare = substitute.NewWhole(), substitute.NewBudget()
	whole.Now = p.runner.deps.Now()
	spare.Now = whole.Now
	return whole, spare
}

// step resolves one step with its environment variables. final is true if it is about to run: then nothing may be left open.
func (p *planner) step(ctx context.Context, index int, vars *values, env []entry, final bool) (*StepPlan, error) {
	c := p.chosen[index]
	written := c.step.Check()
	sp := StepPlan{Number: c.number, Step: c.step, Problems: written, Together: p.together(index)}
	vars.layers[layerOctopusStep] = newOctopusStepLayer(c.number, c.step) // vars is the step's own copy
	r := resolver{
		accounts: p.sources.accounts, vars: vars, earlier: p.earlier(index), usesOf: p.sources.usesOf, final: final,
		parameters: p.runner.deps.Parameters,
	}
	r.uses = sync.OnceValue(func() octopus.Uses { return p.uses(ctx, &sp) })
	if !c.ignoresCondition() {
		r.condition(&sp)
	}
	sp.choice(c)
	r.aws(&sp)
	r.rehearse(&sp, p.req.Rehearsal)
	if err := errors.Join(p.furtherPackages(ctx, r, &sp), p.script(ctx, r, &sp)); err != nil {
		return nil, err
	}
	r.missingPackages(&sp)
	sp.Parameters = r.text(&sp, "the parameters", c.step.Script.Parameters)
	sp.Arguments = r.arguments(&sp)
	sp.Variables, sp.Octopus = r.variables(&sp)
	r.warnOfLacks(&sp, p.sources.usesOf(sp.Language, sp.Written), p.runner.deps.Bootstraps)
	sp.EnvVars = r.environment(&sp, env)
	p.tools(ctx, &sp)
	if err := ctx.Err(); err != nil { // after an interruption the problems are not the step's own
		return nil, err
	}
	sp.Environ = environNames(sp)
	if p.runner.deps.Certificates != nil {
		sp.Environ = append(sp.Environ, awsenv.CertificateNames()...)
	}
	if len(written) > 0 {
		sp.Problems = dedupe(sp.Problems)
	}
	return &sp, nil
}

// earlier returns the chosen steps that have ended before one begins.
func (p *planner) earlier(index int) []model.Step {
	steps := make([]model.Step, 0, index)
	for _, c := range p.chosen[:index] {
		if c.group != p.chosen[index].group {
			steps = append(steps, c.step)
		}
	}
	return steps
}

// together reports whether other chosen steps run at the same time.
func (p *planner) together(index int) bool {
	for i, c := range p.chosen {
		if i != index && c.group == p.chosen[index].group {
			return true
		}
	}
	return false
}

// environNames returns the names of the AWS variables that the script will have, for the preview.
func environNames(sp StepPlan) []string {
	var names []string
	if sp.Step.AWS.Region != "" {
		names = append(names, "AWS_DEFAULT_REGION", "AWS_REGION")
	}
	if sp.NoAccount {
		return names
	}
	names = append(names, keyNames(sp)...)
	if sp.Account.Endpoint != "" {
		names = append(names, "AWS_ENDPOINT_URL")
	}
	slices.Sort(names)
	return names
}

// keyNames returns the names of the variables that the keys are in, or that say where to get them.
func keyNames(sp StepPlan) []string {
	fresh := sp.Step.Options.FreshCredentials
	temporary := sp.Role != nil || sp.Account.GetsSession()
	if temporary && fresh == model.FreshAlways || sp.Account.Kind == model.KindConsole && fresh == model.FreshAuto {
		return awsenv.ServedNames()
	}
	names := []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
	if temporary || sp.Account.TokenSet {
		names = append(names, "AWS_SESSION_TOKEN")
	}
	if temporary {
		names = append(names, "AWS_CREDENTIAL_EXPIRATION")
	}
	return names
}

// dedupe removes problems with the same field and code: the same fault may be found as written and again as resolved.
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

// script resolves the step's script.
func (p *planner) script(ctx context.Context, r resolver, sp *StepPlan) error {
	var file scriptFile
	var err error
	switch s := sp.Step.Script; s.Source {
	case model.SourceInline:
		sp.Language, sp.Written = s.Language, s.Body
		r.vars.layers[layerPackage] = p.packageValues(sp)
		sp.Script = r.text(sp, "the script", s.Body)
		return nil
	case model.SourcePackage:
		file, err = p.inPackage(ctx, r, sp)
	case model.SourceFolder:
		file, err = p.inFolder(ctx, r, sp)
	}
	var problem model.Problem
	if err != nil && !errors.As(err, &problem) {
		return err
	}
	sp.problem(problem.Field, problem.Err)
	sp.Entry, sp.Language, sp.Written = file.entry, file.language, file.text
	r.vars.layers[layerPackage] = p.packageValues(sp)
	if err == nil {
		sp.Script = r.text(sp, file.entry, file.text)
	}
	return nil // other sources are refused by Check
}

// inPackage finds the script in a package.
func (p *planner) inPackage(ctx context.Context, r resolver, sp *StepPlan) (scriptFile, error) {
	s := sp.Step.Script
	key := packageKey{r.field(sp, "script.package", s.Package, nil), r.field(sp, "script.version", s.Version, nil)}
	file := r.field(sp, "script.file", s.File, nil)
	if key.id == "" || file == "" {
		return scriptFile{}, nil
	}
	pkg, err := p.sources.packageNamed(ctx, key)
	if err != nil {
		return scriptFile{}, err
	}
	sp.Package, sp.packageKey = &pkg, key
	return p.sources.inPackage(ctx, key, file)
}

// inFolder finds the script in a plain folder.
func (p *planner) inFolder(ctx context.Context, r resolver, sp *StepPlan) (scriptFile, error) {
	s := sp.Step.Script
	path := r.field(sp, "script.folder", s.Folder, nil)
	file := r.field(sp, "script.file", s.File, nil)
	if path == "" || file == "" {
		return scriptFile{}, nil
	}
	path, err := folderPath(s.Folder, path)
	if err != nil {
		return scriptFile{}, model.Problem{Field: "script.folder", Err: err}
	}
	sp.Folder = path
	return p.sources.inFolder(ctx, path, file, p.runner.deps.Recorder.WorkFolder(0, sp.Number))
}

// tools finds the programs. A missing interpreter is a problem; a missing aws only a notice, since not every script needs it.
func (p *planner) tools(ctx context.Context, sp *StepPlan) {
	var err error
	if sp.Language != "" {
		if sp.Tool, err = p.sources.interpreter(ctx, sp.Language, sp.Step.Options.Edition); err != nil {
			sp.problem("script.language", err)
		}
	}
	if sp.AWSTool, err = p.sources.aws(ctx); err != nil {
		calls := script.CallsAWS(sp.Language, sp.Script)
		if calls {
			sp.noAWS = err
		}
		if calls && model.ErrorCode(err) == script.CodeChosenTool { // the PATH may have another aws, which nobody asked for
			sp.Warnings = append(sp.Warnings, err.Error())
		} else {
			sp.Notices = append(sp.Notices, err.Error())
		}
	} else if sp.Account.Endpoint != "" && !sp.NoAccount && !sp.AWSTool.ReadsEndpoint() {
		sp.Warnings = append(sp.Warnings, oldForEndpoint(sp.AWSTool))
	}
}

// oldForEndpoint warns of an aws that would send the account's keys to AWS itself.
func oldForEndpoint(aws script.Tool) string {
	return fmt.Sprintf("aws %s does not read AWS_ENDPOINT_URL: its requests go to AWS itself, not to the account's endpoint. "+
		"Install aws 2.13 or later, or have the script name the endpoint in each call.", aws.Version)
}
