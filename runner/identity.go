package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// A session that was resolved before the first script is used at the step's turn only if that comes within this time:
// later, a fresh one gives the step its whole duration.
const sessionKeeps = time.Minute

// identities becomes somebody for each step, and serves the sandbox to accounts that live in it.
type identities struct {
	*Runner
	runID    int64
	masker   *joblog.Masker
	open     reveal
	network  *awsenv.Network         // nil: no step has an account
	keys     map[model.ID]sandboxKey // of accounts in the sandbox
	sandbox  *sandbox.Server         // nil until a step needs it
	sessions map[int]resolvedSession // by the step's number
}

type sandboxKey struct{ id, secret string }

type resolvedSession struct {
	awsenv.Session
	at      time.Time
	account model.AWSAccount // that the step acts in; zero for none
}

// newIdentities prepares what the steps of plan need. It opens the vault only if one of them needs a secret.
func (r *Runner) newIdentities(ctx context.Context, plan Plan, runID int64, masker *joblog.Masker, open reveal) (*identities, error) {
	i := &identities{Runner: r, runID: runID, masker: masker, open: open, keys: map[model.ID]sandboxKey{}, sessions: map[int]resolvedSession{}}
	// Certificates and proxies are read only where somebody is to be asked.
	if !slices.ContainsFunc(plan.Steps, func(s StepPlan) bool { return !s.NoAccount }) {
		return i, nil
	}
	var err error
	if i.network, err = awsenv.NewNetwork(r.deps.Environ); err != nil {
		return nil, err
	}
	if err := i.startSandbox(ctx, plan); err != nil {
		i.close()
		return nil, err
	}
	return i, nil
}

// startSandbox serves every account whose endpoint is the sandbox, for this run only.
func (i *identities) startSandbox(ctx context.Context, plan Plan) error {
	accounts, err := i.deps.Configuration.Accounts(ctx)
	if err != nil {
		return err
	}
	needed := false
	for _, s := range plan.Steps {
		needed = needed || !s.NoAccount && (s.Account.InSandbox() || s.Late)
	}
	var keys []sandbox.Key
	for _, a := range accounts {
		// A late step may turn out to be any account; the others are known by name.
		used := slices.ContainsFunc(plan.Steps, func(s StepPlan) bool { return s.Late || s.Account.ID == a.ID })
		if !needed || !used || !a.InSandbox() {
			continue
		}
		key := sandbox.NewKey()
		if a.AccessKeyID != "" {
			key.AccessKeyID = a.AccessKeyID
		}
		if a.SecretSet {
			secret, ok, err := i.open(ctx, a.SecretKeyRef())
			if err != nil {
				return err
			}
			if ok {
				key.SecretKey = secret
			}
		}
		i.masker.Add(key.SecretKey)
		i.keys[a.ID] = sandboxKey{key.AccessKeyID, key.SecretKey}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil
	}
	i.sandbox, err = sandbox.Start(context.WithoutCancel(ctx), sandbox.Options{Keys: keys})
	return err
}

func (i *identities) close() {
	if i.network != nil {
		i.network.Close()
	}
	if i.sandbox != nil {
		if err := i.sandbox.Close(); err != nil {
			i.deps.Log.Warn("close the sandbox", "error", err)
		}
	}
}

// resolve becomes who the step says, and checks that this is who it may be.
func (i *identities) resolve(ctx context.Context, s StepPlan) (resolvedSession, error) {
	if known, ok := i.sessions[s.Number]; ok && i.deps.Now().Sub(known.at) < sessionKeeps {
		return known, nil
	}
	req := awsenv.Request{
		NoAccount: s.NoAccount, Account: s.Account, Role: s.Role, Region: s.Region, Endpoint: s.Account.Endpoint,
		RunID: i.runID, Step: s.Step.Name, Network: i.network, Now: i.deps.Now,
	}
	if !s.NoAccount {
		if err := i.credentials(ctx, &req); err != nil {
			return resolvedSession{}, err
		}
	}
	session, err := awsenv.Resolve(ctx, req)
	if err != nil {
		return resolvedSession{}, err
	}
	for _, secret := range session.Secrets {
		i.masker.Add(secret)
	}
	resolved := resolvedSession{Session: session, at: i.deps.Now()}
	if !s.NoAccount {
		if resolved.account, err = i.deps.Configuration.AWSAccount(ctx, session.Identity.AWSID); err != nil {
			return resolvedSession{}, err
		}
	}
	i.sessions[s.Number] = resolved
	return resolved, i.asExpected(s, resolved)
}

// credentials fills in the account's own secrets.
func (i *identities) credentials(ctx context.Context, req *awsenv.Request) error {
	a := &req.Account
	if a.InSandbox() {
		key := i.keys[a.ID]
		a.AccessKeyID, req.SecretKey = key.id, key.secret
		if i.sandbox != nil {
			req.Endpoint = i.sandbox.Endpoint()
		}
		return nil
	}
	if a.Kind != model.KindAccessKey {
		return nil
	}
	missing := model.NewError("account.secret.missing", "The account %q has no secret key on this computer. Enter it with: stepdeck account add %q --access-key %s", a.Name, a.Name, a.AccessKeyID)
	if !a.SecretSet {
		return missing
	}
	secret, ok, err := i.open(ctx, a.SecretKeyRef())
	if err != nil {
		return err
	}
	if !ok {
		return missing
	}
	i.masker.Add(secret)
	req.SecretKey = secret
	if a.TokenSet {
		if req.SessionToken, ok, err = i.open(ctx, a.SessionTokenRef()); err != nil {
			return err
		}
		if !ok {
			return model.NewError("account.token.missing", "The account %q has no session token on this computer, though it was made with one. Add it again.", a.Name)
		}
		i.masker.Add(req.SessionToken)
	}
	return nil
}

// asExpected refuses a step that would act in another AWS account than it must.
func (i *identities) asExpected(s StepPlan, r resolvedSession) error {
	for _, e := range s.Expect {
		if e.AWSID != r.Identity.AWSID {
			return model.NewError("run.expect", "The step %q would act in AWS account %s as %s, but %s expects %s. Choose another account or role, or change what is expected.",
				s.Step.Name, described(r.account), r.Identity.ARN, e.From, e.AWSID)
		}
	}
	return nil
}

func described(a model.AWSAccount) string {
	if a.Label == "" {
		return a.ID
	}
	return a.ID + " " + a.Label
}

// confirmed refuses protected AWS accounts that nobody has named for this run.
func confirmed(s StepPlan, r resolvedSession, typed []string) error {
	if !r.account.Protected || slices.ContainsFunc(typed, r.account.Answers) {
		return nil
	}
	wrong := ""
	if len(typed) > 0 {
		wrong = fmt.Sprintf(" %q is neither its id nor its label.", strings.Join(typed, ", "))
	}
	return model.NewError("run.protected", "The step %q acts in the protected AWS account %s.%s Confirm it with --confirm %s.", s.Step.Name, described(r.account), wrong, r.account.ID)
}

// Verdict is what AWS says that a step of a plan would be.
type Verdict struct {
	Step     int
	Name     string
	Late     bool // known at its turn only
	Identity model.Identity
	Account  model.AWSAccount
	Notices  []string
	Err      error // why the step would be refused
}

// Verify asks AWS who each step of req would be. It starts nothing and records nothing but AWS accounts that are new.
func (r *Runner) Verify(ctx context.Context, req Request) (Plan, []Verdict, error) {
	plan, err := r.Plan(ctx, req)
	if err != nil {
		return Plan{}, nil, err
	}
	masker := r.newMasker()
	masked := newMasking(masker)
	maskGiven(masker, req)
	open := r.revealer(func(secret string) { masker.Add(secret) })
	p, err := r.newPlanner(ctx, req, open)
	if err != nil {
		return plan, nil, masked.err(err)
	}
	p.vars.part = maskParts(masker)
	known, err := p.plan(ctx)
	if err != nil {
		return plan, nil, masked.err(err)
	}
	who, err := r.newIdentities(ctx, known, 0, masker, open)
	if err != nil {
		return plan, nil, masked.err(err)
	}
	defer who.close()
	verdicts := make([]Verdict, 0, len(known.Steps))
	for i, s := range known.Steps {
		v := Verdict{Step: s.Number, Name: s.Step.Name, Late: s.Late}
		if !s.Late && len(s.Problems) == 0 {
			var session resolvedSession
			if session, v.Err = who.resolve(ctx, s); v.Err == nil {
				v.Err = confirmed(s, session, req.Confirm)
			}
			v.Err, v.Identity, v.Account = masked.err(v.Err), masked.identity(session.Identity), session.account
			for _, n := range session.Notices {
				v.Notices = append(v.Notices, masked.text(n.Error()))
			}
		} else if len(plan.Steps[i].Problems) == 0 { // nil where there are none
			v.Err = masked.err(model.Problems(fmt.Sprintf("The step %q", s.Step.Name), s.Problems))
		}
		verdicts = append(verdicts, v)
	}
	return plan, verdicts, nil
}

// revealer opens the vault for what is asked, and hands each secret to masked before anyone else sees it.
func (r *Runner) revealer(masked func(string)) reveal {
	return func(ctx context.Context, ref model.SecretRef) (string, bool, error) {
		secret, err := r.deps.Secrets.Get(ctx, ref)
		switch {
		case model.ErrorCode(err) == secretMissing:
			return "", false, nil
		case err != nil:
			return "", false, err
		}
		masked(secret)
		return secret, true, nil
	}
}

// secretMissing is the code of the vault's error for a secret that it does not have.
const secretMissing = "secret.missing"

// TestAccount asks AWS who an account is.
func (r *Runner) TestAccount(ctx context.Context, a model.Account) (awsenv.Verified, error) {
	masker := r.newMasker()
	masked := newMasking(masker)
	who, err := r.newIdentities(ctx, Plan{Steps: []StepPlan{{Account: a}}}, 0, masker, r.revealer(func(secret string) { masker.Add(secret) }))
	if err != nil {
		return awsenv.Verified{}, masked.err(err)
	}
	defer who.close()
	req := awsenv.Request{Account: a, Endpoint: a.Endpoint, Region: a.Region, Network: who.network, Now: r.deps.Now}
	if err := who.credentials(ctx, &req); err != nil {
		return awsenv.Verified{}, masked.err(err)
	}
	v, err := awsenv.Verify(ctx, req)
	return v, masked.err(err)
}
