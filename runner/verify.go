package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// Verdict is who a step of a plan would be, according to AWS.
type Verdict struct {
	Step     int // number of the step
	Name     string
	Late     bool // known only when the step runs
	Identity model.Identity
	Account  model.AWSAccount
	Keys     Delivery // how the script gets its keys, which live until Identity.Expires
	Notices  []string
	Problems []model.Problem // of its fields, if they show only with the real values
	Err      error           // why the step would be refused
}

// Verify asks AWS who each step of req would be. It starts nothing and records nothing except new AWS accounts.
func (r *Runner) Verify(ctx context.Context, req Request) (Plan, []Verdict, error) {
	p, err := r.newPlanner(ctx, req)
	if err != nil {
		return Plan{}, nil, err
	}
	verdicts, err := p.verify(ctx)
	return p.plan, verdicts, err
}

func (p *planner) verify(ctx context.Context) ([]Verdict, error) {
	m := p.runner.newMasking(p.req.Project, p.given())
	open := p.runner.revealer(m.masker)
	known, err := p.open(ctx, open, m.part)
	if err != nil {
		return nil, m.err(err)
	}
	o := sessionOptions{steps: known.steps, accounts: p.sources.accounts, masker: m.masker, open: open}
	who, err := p.runner.newSessions(ctx, o)
	if err != nil {
		return nil, m.err(err)
	}
	defer who.close()
	history := sync.OnceValue(func() []model.Run { return p.runner.recentHistory(ctx, p.req.Project.Name) })
	verdicts := make([]Verdict, len(known.steps))
	for i, s := range known.steps {
		usual := func() time.Duration { return model.UsualStep(history(), s.real().Step.Name).P90 }
		verdicts[i] = who.verdict(ctx, s, len(p.plan.Steps[i].Problems) > 0, p.req.Confirm, usual).masked(m)
	}
	return verdicts, nil
}

// verdict returns the verdict on one step. reported is true if the plan has problems of the step already, which are then
// not repeated. usual returns how long the step usually takes.
func (s *sessions) verdict(ctx context.Context, step openStep, reported bool, confirm []string, usual func() time.Duration) Verdict {
	p := step.real()
	v := Verdict{Step: p.Number, Name: p.Step.Name, Late: p.Late}
	switch {
	case len(p.Problems) > 0 && !reported:
		v.Problems = p.Problems
		v.Err = model.Problems(fmt.Sprintf("The step %q", p.Step.Name), p.Problems)
	case len(p.Problems) > 0 || p.Late:
	default:
		session, err := s.resolve(ctx, step)
		if err == nil {
			err = checkConfirmed(step, session, confirm)
		}
		v.Err, v.Identity, v.Account = err, session.Identity, session.account
		if session.Identity.AWSID != "" {
			v.Keys = delivery(p.Step.Options, session, usual, s.runner.deps.Now())
		}
		for _, n := range session.Notices {
			v.Notices = append(v.Notices, n.Error())
		}
	}
	return v
}

func (v Verdict) masked(m *masking) Verdict {
	v.Err, v.Identity = m.err(v.Err), m.identity(v.Identity)
	for i, n := range v.Notices {
		v.Notices[i] = m.text(n)
	}
	v.Problems = slices.Clone(v.Problems)
	for i, p := range v.Problems {
		v.Problems[i].Err = m.err(p.Err)
	}
	return v
}

// revealer returns a function that reads secrets from the vault and adds each to the masker first.
func (r *Runner) revealer(masker *joblog.Masker) reveal {
	return func(ctx context.Context, ref model.SecretRef) (string, bool, error) {
		secret, err := r.deps.Secrets.Get(ctx, ref)
		switch {
		case model.ErrorCode(err) == model.CodeSecretMissing:
			return "", false, nil
		case err != nil:
			return "", false, err
		}
		masker.Add(secret)
		return secret, true, nil
	}
}

// TestRegion returns the region in which TestAccount asks AWS.
func TestRegion(a model.Account) string { return awsenv.RegionOf(a) }

// TestAccount asks AWS who an account is. It starts a sandbox if the account is in one.
func (r *Runner) TestAccount(ctx context.Context, a model.Account) (model.Verified, error) {
	return r.testAccount(ctx, a, nil)
}

// EnterCode asks AWS who an account is, and gives it the code of the account's MFA device if it wants one. The session that AWS
// gives for it is kept until it ends, so that runs need no further code.
func (r *Runner) EnterCode(ctx context.Context, a model.Account, ask AskCode) (model.Verified, error) {
	return r.testAccount(ctx, a, ask.codes())
}

func (r *Runner) testAccount(ctx context.Context, a model.Account, codes askCode) (model.Verified, error) {
	m := r.newMasking(model.Project{}, nil)
	who, err := r.sessionsFor(ctx, a, codes, m)
	if err != nil {
		return model.Verified{}, m.err(err)
	}
	defer who.close()
	session, err := who.request(ctx, awsenv.Request{Account: a, Region: a.Region})
	if err != nil {
		return model.Verified{Notices: session.Notices}, m.err(err)
	}
	v := session.Verified(r.deps.Now())
	v.Alias = who.named(ctx, model.AWSAccount{ID: v.AWSID}, session, true).Alias
	return v, nil
}

// sessionOf requests a session of an account outside of a run. It starts a sandbox if the account is in one.
func (r *Runner) sessionOf(ctx context.Context, req awsenv.Request, codes askCode) (awsenv.Session, *masking, error) {
	m := r.newMasking(model.Project{}, nil)
	who, err := r.sessionsFor(ctx, req.Account, codes, m)
	if err != nil {
		err = m.err(err)
		return awsenv.Session{}, m, err
	}
	defer who.close()
	session, err := who.request(ctx, req)
	err = m.err(err)
	return session, m, err
}

// sessionsFor prepares sessions of one account outside of a run.
func (r *Runner) sessionsFor(ctx context.Context, a model.Account, codes askCode, m *masking) (*sessions, error) {
	return r.newSessions(ctx, sessionOptions{
		steps: []openStep{newOpenStep(&StepPlan{Account: a})}, accounts: []model.Account{a}, masker: m.masker, open: r.revealer(m.masker),
		codes: codes,
	})
}
