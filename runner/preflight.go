package runner

import (
	"context"
	"slices"

	"github.com/stepdeck/stepdeck/model"
)

// History is what a Preflight asks of earlier runs and of the AWS accounts that they acted in.
type History interface {
	// RecentRuns returns a project's newest runs with their step runs, the newest first, at most limit of them.
	RecentRuns(ctx context.Context, project string, limit int) ([]model.Run, error)
	// RunningRuns returns those that go on.
	RunningRuns(ctx context.Context, project string) ([]model.Run, error)
	// KnownAWSAccount returns what is known of an AWS account, and does not enter a new one.
	KnownAWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
}

// PreflightOptions say how much a Preflight looks at.
type PreflightOptions struct {
	Verify   bool                     // ask AWS who the steps would be, and the history what ran before
	Seen     func(sha256 string) bool // whether the person has seen a script; nil: all of them
	Accepted map[string]bool          // keys of the questions that need no answer any more
}

// Preflight is all that stands between a request and its run. With neither a question nor a refusal, the run can start.
type Preflight struct {
	Plan      Plan
	Verdicts  []Verdict // one for each step of the plan; none where nobody was asked
	Questions []Question
	Refusals  []Refusal
	Usual     model.Usual // how long such a run takes
}

// Refusal is a reason why a run can't start that no answer solves.
type Refusal struct {
	Problem
	Wrong *WrongAccount // nil: it is another reason
}

// WrongAccount is that a step would act in another AWS account than it must.
type WrongAccount struct {
	From     string // who says what is expected
	Expected model.AWSAccount
	Actual   model.AWSAccount
	Identity model.Identity
}

// Preflight finds out what the run of req needs first. It starts nothing and records nothing but AWS accounts that are new;
// without Verify it makes no network call and opens no vault. An error means that there is nothing to answer, as for Plan.
func (r *Runner) Preflight(ctx context.Context, req Request, o PreflightOptions) (Preflight, error) {
	p, err := r.newPlanner(ctx, req)
	if err != nil {
		return Preflight{}, err
	}
	f := &preflight{Preflight: Preflight{Plan: p.plan}, runner: r, planner: p, options: o}
	f.askPrompts()
	for _, problem := range p.plan.Refused() {
		f.add(problem)
	}
	if o.Verify {
		if err := f.verify(ctx); err != nil {
			return f.Preflight, err
		}
	}
	f.askScripts()
	return f.Preflight, nil
}

// preflight gathers a Preflight.
type preflight struct {
	Preflight
	runner  *Runner
	planner *planner
	options PreflightOptions
}

// ask adds a question, once.
func (f *preflight) ask(q Question) {
	key := q.Key()
	if f.options.Accepted[key] || slices.ContainsFunc(f.Questions, func(known Question) bool { return known.Key() == key }) {
		return
	}
	f.Questions = append(f.Questions, q)
}

// add sorts a problem into what can be asked for and what can't.
func (f *preflight) add(p Problem) {
	switch q := QuestionOf(p.Err).(type) {
	case nil:
		f.refuse(p, nil)
	case MissingSecret:
		// A prompt that asks for it as the project says comes first.
		prompted := func(known Question) bool {
			p, ok := known.(Prompt)
			return ok && model.NameKey(p.Variable.Name) == model.NameKey(q.Name)
		}
		if !slices.ContainsFunc(f.Questions, prompted) {
			f.ask(q)
		}
	case Prompt: // askPrompts has it
	default:
		f.ask(q)
	}
}

// refuse adds a refusal, unless an answer to a prompt may still solve it: then the next Preflight sees.
func (f *preflight) refuse(p Problem, wrong *WrongAccount) {
	prompted := slices.ContainsFunc(f.Questions, func(q Question) bool { _, ok := q.(Prompt); return ok })
	if prompted && f.hangsOnValues(p) {
		return
	}
	f.Refusals = append(f.Refusals, Refusal{p, wrong})
}

// hangsOnValues reports whether a problem is with something that is written with expressions.
func (f *preflight) hangsOnValues(p Problem) bool {
	project := f.planner.req.Project
	step, at := project.Step(p.Step)
	if at < 0 {
		return false
	}
	account, _ := declaration(project, step.AWS.Account)
	if account.Prompt != nil && (p.Field == "aws" || p.Field == "aws.account") {
		return true
	}
	fields := map[string][]string{
		"aws.account": {step.AWS.Account}, "aws.region": {step.AWS.Region}, "script": {step.Script.Body, step.Script.Parameters},
		"script.package": {step.Script.Package, step.Script.Version}, "script.folder": {step.Script.Folder},
		"script.file": {step.Script.File, step.Script.Package, step.Script.Version, step.Script.Folder},
	}
	fields["aws"] = []string{step.AWS.Account, step.AWS.Region}
	if role := step.AWS.AssumeRole; role != nil {
		fields["aws.assumeRole.arn"], fields["aws.assumeRole.sessionName"] = []string{role.ARN}, []string{role.SessionName}
		fields["aws.assumeRole.externalId"] = []string{role.ExternalID}
		fields["aws"] = append(fields["aws"], role.ARN, role.SessionName, role.ExternalID)
	}
	return p.Field == "variables" || slices.ContainsFunc(fields[p.Field], model.HasExpression)
}

func (f *preflight) askPrompts() {
	req := f.planner.req
	for _, q := range prompts(req.Project, req.Environment, f.planner.chosen, req.Given) {
		if q.Required || !f.options.Accepted[q.Key()] {
			f.Questions = append(f.Questions, q)
		}
	}
}

// verify looks at who the steps would be, and at what ran before.
func (f *preflight) verify(ctx context.Context) error {
	verdicts, err := f.planner.verify(ctx)
	if err != nil {
		return err
	}
	f.Verdicts = verdicts
	project := f.planner.req.Project.Name
	history, err := f.runner.deps.History.RecentRuns(ctx, project, looksBack)
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

// judge takes in what AWS says of one step.
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

// refuseAccount refuses a step that would act in another AWS account than it must.
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

// looksBack is how many of a project's runs tell where it has acted before, and how long it takes.
const looksBack = 200

// actedIn returns the AWS accounts that a project has acted in.
func actedIn(history []model.Run) map[string]bool {
	acted := map[string]bool{}
	for _, r := range history {
		for _, s := range r.Steps {
			if !s.Started.IsZero() && s.Identity.AWSID != "" {
				acted[s.Identity.AWSID] = true
			}
		}
	}
	return acted
}
