package runner

import (
	"context"
	"slices"

	"github.com/stepdeck/stepdeck/model"
)

// History gives a Preflight access to earlier runs and to the AWS accounts that they acted in.
type History interface {
	// RecentRuns returns up to limit of a project's runs with their step runs, newest first.
	RecentRuns(ctx context.Context, project string, limit int) ([]model.Run, error)
	// RunningRuns returns a project's runs that have not ended.
	RunningRuns(ctx context.Context, project string) ([]model.Run, error)
	// LastValues returns what values were in the last of a project's runs in an environment, by the keys of their names.
	LastValues(ctx context.Context, project, environment string, names []model.ValueName) (map[string]string, error)
	// KnownAWSAccount returns what is known of an AWS account, without adding a new one.
	KnownAWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
}

// PreflightOptions control what a Preflight checks.
type PreflightOptions struct {
	Verify   bool                     // ask AWS who the steps would be, and compare with earlier runs
	Seen     func(sha256 string) bool // reports whether the person has seen a script; nil: all of them
	Accepted map[string]bool          // keys of the questions that need no answer any more
}

// Preflight is the result of the checks before a run. Without questions and refusals, the run can start.
type Preflight struct {
	Plan      Plan
	Verdicts  []Verdict // one for each step of the plan; nil without Verify
	Questions []Question
	Refusals  []Refusal
	Usual     model.Usual // how long such a run usually takes
}

// Refusal is a reason why a run can't start that no answer can remove.
type Refusal struct {
	Problem
	Wrong *WrongAccount // nil: another reason
}

// WrongAccount describes a step that would act in another AWS account than it must.
type WrongAccount struct {
	From     string // where the expected account is required
	Expected model.AWSAccount
	Actual   model.AWSAccount
	Identity model.Identity
}

// Preflight finds out what is needed before req can run. It starts nothing and records nothing except new AWS accounts.
// Without Verify it makes no network call and doesn't open the vault. The error is that of [Runner.Plan].
func (r *Runner) Preflight(ctx context.Context, req Request, o PreflightOptions) (Preflight, error) {
	p, err := r.newPlanner(ctx, req)
	if err != nil {
		return Preflight{}, err
	}
	f := &preflight{Preflight: Preflight{Plan: p.plan}, runner: r, planner: p, options: o}
	if err := f.askPrompts(ctx); err != nil {
		return f.Preflight, err
	}
	for _, problem := range p.plan.Refused() {
		f.add(problem)
	}
	if o.Verify {
		if err := f.verify(ctx); err != nil {
			return f.Preflight, err
		}
	}
	f.askTools()
	f.askScripts()
	return f.Preflight, nil
}

// preflight is a Preflight in the making.
type preflight struct {
	Preflight
	runner  *Runner
	planner *planner
	options PreflightOptions
}

// ask adds a question, unless it was added before or is accepted.
func (f *preflight) ask(q Question) {
	key := q.Key()
	if f.options.Accepted[key] || slices.ContainsFunc(f.Questions, func(known Question) bool { return known.Key() == key }) {
		return
	}
	f.Questions = append(f.Questions, q)
}

// add turns a problem into a question, or into a refusal if no answer can solve it.
func (f *preflight) add(p Problem) {
	switch q := QuestionOf(p.Err).(type) {
	case nil:
		f.refuse(p, nil)
	case MissingSecret:
		// A prompt that the project defines for it takes precedence.
		prompted := func(known Question) bool {
			p, ok := known.(Prompt)
			return ok && p.Of().Key() == q.Of().Key()
		}
		if !slices.ContainsFunc(f.Questions, prompted) {
			f.ask(q)
		}
	case Prompt: // added by askPrompts
	default:
		f.ask(q)
	}
}

// refuse adds a refusal, unless the answer to a prompt may still solve it: then the next Preflight decides.
func (f *preflight) refuse(p Problem, wrong *WrongAccount) {
	prompted := slices.ContainsFunc(f.Questions, func(q Question) bool { _, ok := q.(Prompt); return ok })
	if prompted && f.dependsOnValues(p) {
		return
	}
	f.Refusals = append(f.Refusals, Refusal{p, wrong})
}

// dependsOnValues reports whether a problem is with a field that contains expressions.
func (f *preflight) dependsOnValues(p Problem) bool {
	project := f.planner.req.Project
	step, index := project.Step(p.Step)
	if index < 0 {
		return false
	}
	account, _ := project.DeclaredAs(model.ValueName{Step: whose(step, step.AWS.Account), Name: step.AWS.Account})
	if account.Prompt != nil && (p.Field == "aws" || p.Field == "aws.account") {
		return true
	}
	fields := fieldTexts(step)
	fields["script"] = append(fields["script"], step.Script.Body)
	for _, v := range project.EnvVarsOf(step) {
		fields["environment"] = append(fields["environment"], v.Value)
		fields["environment."+v.Name] = []string{v.Value}
	}
	fields["aws"] = []string{step.AWS.Account, step.AWS.Region}
	if role := step.AWS.AssumeRole; role != nil {
		for _, text := range roleTexts(*role) {
			fields["aws"] = append(fields["aws"], text...)
		}
	}
	return p.Field == "variables" || slices.ContainsFunc(fields[p.Field], model.HasExpression)
}

// whose returns the step if it has a value of that name of its own, or else nothing: the project's counts.
func whose(step model.Step, name string) string {
	if step.Owns(name) {
		return step.Name
	}
	return ""
}

func (f *preflight) askPrompts(ctx context.Context) error {
	req := f.planner.req
	open := prompts(req.Project, req.Environment, f.planner.chosen, req.Given)
	if err := f.offerLast(ctx, open); err != nil {
		return err
	}
	for _, q := range open {
		if q.Required || !f.options.Accepted[q.Key()] {
			f.Questions = append(f.Questions, q)
		}
	}
	return nil
}

// offerLast adds the values of the last run to prompts that can have them.
func (f *preflight) offerLast(ctx context.Context, list []Prompt) error {
	var names []model.ValueName
	for _, q := range list {
		if q.Variable.Type == model.TypeText {
			names = append(names, q.Of())
		}
	}
	if len(names) == 0 {
		return nil
	}
	last, err := f.runner.deps.History.LastValues(ctx, f.planner.req.Project.Name, f.planner.req.Environment, names)
	if err != nil {
		return err
	}
	for i, q := range list {
		value, known := last[q.Of().Key()]
		if accepted, err := q.Accept(value); known && q.Variable.Type == model.TypeText && err == nil {
			list[i].Last = accepted
		}
	}
	return nil
}

// verify asks AWS who the steps would be, and compares with earlier runs.
func (f *preflight) verify(ctx context.Context) error {
	verdicts, err := f.planner.verify(ctx)
	if err != nil {
		return err
	}
	f.Verdicts = verdicts
	project := f.planner.req.Project.Name
	history, err := f.runner.deps.History.RecentRuns(ctx, project, recentRuns)
	if err != nil {
		return err
	}
	f.Usual = model.UsualRun(history, f.Plan.Environment, f.Plan.StepNames())
	acted := actedIn(history)
	for i, v := range verdicts {
		if err := f.judge(ctx, i, v, acted); err != nil {
			return err
		}
	}
	running, err := f.runner.deps.History.RunningRuns(ctx, project)
	if err != nil {
		return err
	}
	f.askRunning(running)
	return nil
}

// judge adds the questions and refusals that follow from the verdict on a step.
func (f *preflight) judge(ctx context.Context, index int, v Verdict, acted map[string]bool) error {
	for _, problem := range v.Problems {
		f.add(Problem{v.Name, problem.Field, problem.Err})
	}
	if len(v.Problems) > 0 {
		return nil
	}
	if model.ErrorCode(v.Err) == wrongAccount {
		return f.refuseAccount(ctx, f.Plan.Steps[index], v)
	}
	if v.Err != nil {
		f.add(Problem{v.Name, "aws", v.Err})
	}
	id := v.Identity.AWSID
	if id == "" || v.Identity.Sandbox || acted[id] {
		return nil
	}
	if _, confirm := QuestionOf(v.Err).(Confirmation); v.Err == nil || confirm {
		account := v.Account
		account.ID = id
		f.ask(FirstTime{account})
	}
	return nil
}

// refuseAccount adds the refusals of a step that would act in another AWS account than it must.
func (f *preflight) refuseAccount(ctx context.Context, s StepPlan, v Verdict) error {
	for _, e := range s.Expect {
		if e.AWSID == v.Identity.AWSID {
			continue
		}
		expected, err := f.runner.deps.History.KnownAWSAccount(ctx, e.AWSID)
		if err != nil {
			return err
		}
		actual := v.Account
		actual.ID = v.Identity.AWSID
		f.refuse(Problem{v.Name, "aws", v.Err}, &WrongAccount{e.From, expected, actual, v.Identity})
	}
	return nil
}

func (f *preflight) askRunning(runs []model.Run) {
	for _, r := range runs {
		for _, s := range r.Steps {
			wanted := func(sp StepPlan) bool { return model.NameKey(sp.Step.Name) == model.NameKey(s.Step) }
			if !s.Status.Over() && slices.ContainsFunc(f.Plan.Steps, wanted) {
				f.ask(AlreadyRunning{s.Step, r})
			}
		}
	}
}

// askTools asks about a script that calls aws where there is none. It is no refusal, since a script can bring its own.
func (f *preflight) askTools() {
	for _, s := range f.Plan.Steps {
		if s.noAWS != nil {
			f.ask(MissingAWS{s.Step.Name, s.noAWS})
		}
	}
}

func (f *preflight) askScripts() {
	if f.options.Seen == nil {
		return
	}
	for _, s := range f.Plan.Steps {
		if s.Written == "" {
			continue
		}
		if hash := model.ScriptHash(s.Written); !f.options.Seen(hash) {
			f.ask(UnseenScript{s.Step.Name, s.Written, s.Language, hash})
		}
	}
}

// recentRuns is how many of a project's runs are read to find out where it has acted before, and how long it takes.
const recentRuns = 200

// actedIn returns the ids of the AWS accounts that the runs acted in.
func actedIn(history []model.Run) map[string]bool {
	acted := map[string]bool{}
	for _, r := range history {
		if r.Rehearsal != nil {
			continue // the first run that can change something is asked about
		}
		for _, s := range r.Steps {
			if !s.Started.IsZero() && s.Identity.AWSID != "" {
				acted[s.Identity.AWSID] = true
			}
		}
	}
	return acted
}
