package runs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// Wanted is a run that somebody wants.
type Wanted struct {
	Project     string
	Environment string
	Steps       []string       // none: every enabled step
	Given       []runner.Given // values that are known already
	Shown       bool           // the scripts are before the person's eyes
	Exactly     int64          // the run whose kept inputs are to run once more; 0: the steps run as they are now
}

// answers is what the person has said so far.
type answers struct {
	given    []runner.Given
	confirm  []string
	accepted map[string]bool // what was read and gone on from: an AWS account's id, a script's hash, a run's number
}

// inquiry is what a run needs to know before it starts.
type inquiry struct {
	wanted   Wanted
	project  model.Project
	plan     runner.Plan
	verdicts []runner.Verdict

	prompts   []runner.Question    // values to ask for
	secrets   []string             // sensitive variables that this computer does not have
	keys      []model.Account      // accounts whose secret key it does not have
	protected []model.AWSAccount   // to be typed
	wrong     []mismatch           // steps that would act in another AWS account than they must
	first     []model.AWSAccount   // that the project never acted in before
	running   map[string]model.Run // steps that run already, in that run
	scripts   []unseen
	refused   []refusal // what no answer here can mend
	usual     Usual     // how long such a run takes
	scriptIDs []string  // hashes of all scripts of the run
}

// mismatch is a step that would act in another AWS account than it must.
type mismatch struct {
	step     string
	from     string // who says what is expected
	expected model.AWSAccount
	actual   model.AWSAccount
	as       string
}

// unseen is a script that nobody at this computer has seen yet.
type unseen struct {
	step, text, hash string
	language         model.Language
}

// refusal is a reason why the run can't start.
type refusal struct{ step, text string }

// asks reports whether anything needs an answer.
func (q inquiry) asks() bool {
	return len(q.prompts)+len(q.secrets)+len(q.keys)+len(q.protected)+len(q.wrong)+len(q.first)+len(q.running)+len(q.scripts)+len(q.refused) > 0
}

// hopeless reports whether no answer lets the run start.
func (q inquiry) hopeless() bool { return len(q.wrong)+len(q.refused) > 0 }

// request is the run as the engine is asked for it.
func (q inquiry) request(a answers) engine.Request {
	req := engine.Request{Project: q.wanted.Project, Environment: q.plan.Environment, Steps: q.wanted.Steps, Confirm: a.confirm, Exactly: q.wanted.Exactly}
	for _, g := range a.given {
		req.Given = append(req.Given, engine.Given{Name: g.Name, Value: []byte(g.Value)})
	}
	return req
}

// examine finds out what a run needs to know. It asks AWS who the steps would be.
func (p *Place) examine(ctx context.Context, w Wanted, a answers) (inquiry, error) {
	q := inquiry{wanted: w}
	var err error
	if w.Exactly != 0 {
		was, err := p.deps.Again(ctx, w.Exactly, true)
		if err != nil {
			return q, err
		}
		q.project = was.Project
	} else if q.project, err = p.deps.Store.Project(ctx, w.Project); err != nil {
		return q, err
	}
	req := runner.Request{Project: q.project, Environment: w.Environment, Steps: w.Steps, Given: a.given, Confirm: a.confirm, Who: p.deps.Who}
	if q.plan, q.verdicts, err = p.deps.Planner.Verify(ctx, req); err != nil {
		return q, err
	}
	if err := q.askValues(req, a); err != nil {
		return q, err
	}
	q.fromPlan()
	history, err := p.deps.Store.Runs(ctx, store.RunFilter{Project: q.project.Name, Limit: looksBack})
	if err != nil {
		return q, err
	}
	q.usual = usualOfRun(history, q.plan.Environment, strings.Join(q.stepNames(), ", "))
	if err := p.fromVerdicts(ctx, &q, a, history); err != nil {
		return q, err
	}
	if err := p.alreadyRunning(ctx, &q, a); err != nil {
		return q, err
	}
	p.unseenScripts(&q, a)
	return q, nil
}

// askValues finds the values that the project wants to be asked for.
func (q *inquiry) askValues(req runner.Request, a answers) error {
	list, err := runner.Questions(req)
	q.prompts = slices.DeleteFunc(list, func(x runner.Question) bool { return !x.Required && a.accepted["value."+x.Variable.Name] })
	return err
}

// fromPlan sorts what keeps the run from starting into what can be asked for and what can't.
func (q *inquiry) fromPlan() {
	for _, problem := range q.plan.Refused() {
		if !problem.Asked() {
			q.refused = append(q.refused, refusal{problem.Step, problem.Err.Error()})
		}
	}
	q.secrets = slices.DeleteFunc(q.plan.MissingSecrets(), func(name string) bool {
		return slices.ContainsFunc(q.prompts, func(x runner.Question) bool { return model.NameKey(x.Variable.Name) == model.NameKey(name) })
	})
}

// fromVerdicts looks at who the steps would be.
func (p *Place) fromVerdicts(ctx context.Context, q *inquiry, a answers, history []model.Run) error {
	acted := actedIn(history)
	for i, v := range q.verdicts {
		switch model.ErrorCode(v.Err) {
		case "":
			if v.Err != nil {
				q.refused = append(q.refused, refusal{v.Name, v.Err.Error()})
				continue
			}
		case "account.secret.missing":
			account := q.plan.Steps[i].Account
			if !slices.ContainsFunc(q.keys, func(known model.Account) bool { return known.ID == account.ID }) {
				q.keys = append(q.keys, account)
			}
			continue
		case "run.expect":
			if err := p.mismatches(ctx, q, q.plan.Steps[i], v); err != nil {
				return err
			}
			continue
		case "run.protected":
			if !slices.ContainsFunc(q.protected, func(known model.AWSAccount) bool { return known.ID == v.Account.ID }) {
				q.protected = append(q.protected, v.Account)
			}
		default:
			q.refused = append(q.refused, refusal{v.Name, v.Err.Error()})
			continue
		}
		id := v.Identity.AWSID
		if id == "" || v.Identity.Sandbox || a.accepted[id] || slices.ContainsFunc(q.first, func(known model.AWSAccount) bool { return known.ID == id }) {
			continue
		}
		if !acted[id] {
			account := v.Account
			account.ID = id
			q.first = append(q.first, account)
		}
	}
	return nil
}

func (p *Place) mismatches(ctx context.Context, q *inquiry, s runner.StepPlan, v runner.Verdict) error {
	for _, e := range s.Expect {
		if e.AWSID == v.Identity.AWSID {
			continue
		}
		expected, err := p.deps.Store.AWSAccount(ctx, e.AWSID)
		if err != nil {
			return err
		}
		actual := v.Account
		actual.ID = v.Identity.AWSID
		q.wrong = append(q.wrong, mismatch{v.Name, e.From, expected, actual, who(v.Identity)})
	}
	return nil
}

// looksBack is how many of a project's runs tell where it has acted before, and how long it takes.
const looksBack = 200

// actedIn gives the AWS accounts that a project has acted in.
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

// stepNames lists what is to run.
func (q inquiry) stepNames() []string {
	var names []string
	for _, s := range q.plan.Steps {
		names = append(names, s.Step.Name)
	}
	return names
}

func (p *Place) alreadyRunning(ctx context.Context, q *inquiry, a answers) error {
	runs, err := p.deps.Store.Runs(ctx, store.RunFilter{Project: q.project.Name, Status: model.Running})
	if err != nil {
		return err
	}
	q.running = map[string]model.Run{}
	for _, r := range runs {
		if a.accepted[title(r)] {
			continue
		}
		for _, s := range r.Steps {
			wanted := slices.ContainsFunc(q.plan.Steps, func(sp runner.StepPlan) bool { return model.NameKey(sp.Step.Name) == model.NameKey(s.Step) })
			if wanted && !s.Status.Over() {
				q.running[s.Step] = r
			}
		}
	}
	return nil
}

func (p *Place) unseenScripts(q *inquiry, a answers) {
	for _, s := range q.plan.Steps {
		if s.Written == "" {
			continue
		}
		sum := sha256.Sum256([]byte(s.Written))
		hash := hex.EncodeToString(sum[:])
		q.scriptIDs = append(q.scriptIDs, hash)
		if !q.wanted.Shown && !a.accepted[hash] && !p.deps.Scripts.Seen(hash) {
			q.scripts = append(q.scripts, unseen{s.Step.Name, s.Written, hash, s.Language})
		}
	}
}
