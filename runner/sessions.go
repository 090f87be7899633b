package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/joblog"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// sessionReuse is how long a session from before the first script can be used for its step. After that a new one is
// requested, so that the step has nearly its whole duration.
const sessionReuse = time.Minute

// sessions requests the steps' sessions from AWS, and serves the sandbox for accounts that are in it.
type sessions struct {
	runner  *Runner
	runID   int64
	masker  *joblog.Masker
	open    reveal
	codes   askCode
	network *awsenv.Network          // nil: no step has an account
	keys    map[model.ID]sandbox.Key // of accounts in the sandbox
	sandbox *sandbox.Server          // nil: no step needs it

	mu    sync.Mutex              // guards known
	known map[int]resolvedSession // by the step's number
}

type resolvedSession struct {
	awsenv.Session
	step    openStep         // for which it was requested
	at      time.Time        // of the request
	account model.AWSAccount // that the step acts in; zero: none
}

// answers reports whether the session is what step needs. Outputs of earlier steps may have changed that since the request.
func (r resolvedSession) answers(step openStep) bool {
	was, p := r.step.real(), step.real()
	sameRole := was.Role == p.Role || was.Role != nil && p.Role != nil && was.Role.Equal(*p.Role)
	return sameRole && was.NoAccount == p.NoAccount && was.Account.ID == p.Account.ID && was.Region == p.Region
}

// askCode asks a person for the code of an MFA device; nil if there is nobody to ask.
type askCode func(ctx context.Context, q awsenv.CodeQuestion) (code string, err error)

type sessionOptions struct {
	steps    []openStep
	accounts []model.Account // all accounts
	runID    int64           // 0: not for a run
	masker   *joblog.Masker  // every secret is added to it
	open     reveal
	codes    askCode // may be nil
}

// newSessions prepares what the steps need. It opens the vault only if one of them needs a secret.
func (r *Runner) newSessions(ctx context.Context, o sessionOptions) (*sessions, error) {
	s := &sessions{
		runner: r, runID: o.runID, masker: o.masker, open: o.open, codes: o.codes, keys: map[model.ID]sandbox.Key{},
		known: map[int]resolvedSession{},
	}
	// Certificates and proxies are read only if AWS is asked.
	if !slices.ContainsFunc(o.steps, func(p openStep) bool { return !p.real().NoAccount }) {
		return s, nil
	}
	var err error
	if s.network, err = awsenv.NewNetwork(r.deps.Environ); err != nil {
		return nil, err
	}
	if err := s.startSandbox(ctx, o.steps, o.accounts); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// startSandbox starts a sandbox for this run with the keys of every account in it, if a step needs it.
func (s *sessions) startSandbox(ctx context.Context, steps []openStep, accounts []model.Account) error {
	needed := slices.ContainsFunc(steps, func(s openStep) bool {
		p := s.real()
		return !p.NoAccount && (p.Account.InSandbox() || p.Late)
	})
	var keys []sandbox.Key
	for _, a := range accounts {
		// A late step may use any account; those of the others are known.
		used := slices.ContainsFunc(steps, func(s openStep) bool { return s.real().Late || s.real().Account.ID == a.ID })
		if !needed || !used || !a.InSandbox() {
			continue
		}
		key, err := s.sandboxKey(ctx, a)
		if err != nil {
			return err
		}
		s.masker.Add(key.SecretKey)
		s.keys[a.ID] = key
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil
	}
	var err error
	s.sandbox, err = sandbox.Start(context.WithoutCancel(ctx), sandbox.Options{Keys: keys})
	return err
}

// sandboxKey returns a new key, with those parts replaced that the account has itself.
func (s *sessions) sandboxKey(ctx context.Context, a model.Account) (sandbox.Key, error) {
	key := sandbox.NewKey()
	if a.AccessKeyID != "" {
		key.AccessKeyID = a.AccessKeyID
	}
	if !a.SecretSet {
		return key, nil
	}
	secret, ok, err := s.open(ctx, a.SecretKeyRef())
	if ok {
		key.SecretKey = secret
	}
	return key, err
}

func (s *sessions) close() {
	if s.network != nil {
		s.network.Close()
	}
	if s.sandbox != nil {
		if err := s.sandbox.Close(); err != nil {
			s.runner.deps.Log.Warn("close the sandbox", "error", err)
		}
	}
}

// resolve returns the session of a step, and checks that it is in the expected AWS account.
func (s *sessions) resolve(ctx context.Context, step openStep) (resolvedSession, error) {
	number := step.real().Number
	s.mu.Lock()
	known, ok := s.known[number]
	s.mu.Unlock()
	if !ok || !known.answers(step) || s.runner.deps.Now().Sub(known.at) >= sessionReuse {
		var err error
		if known, err = s.renew(ctx, step); err != nil {
			return known, err
		}
		s.mu.Lock()
		s.known[number] = known
		s.mu.Unlock()
	}
	return known, checkExpected(step, known)
}

// renew requests a session for the step from AWS.
func (s *sessions) renew(ctx context.Context, step openStep) (resolvedSession, error) {
	p := step.real()
	session, err := s.request(ctx, awsenv.Request{
		NoAccount: p.NoAccount, Account: p.Account, Roles: awsenv.RolesOf(p.Role), Region: p.Region, RunID: s.runID, Step: p.Step.Name,
	})
	resolved := resolvedSession{Session: session, step: step, at: s.runner.deps.Now()}
	if err != nil {
		return resolved, err // its notices may tell why
	}
	if !p.NoAccount {
		resolved.account, err = s.runner.deps.Configuration.AWSAccount(ctx, session.Identity.AWSID)
		if err == nil {
			resolved.account = s.named(ctx, resolved.account, session, false)
		}
	}
	return resolved, err
}

// request completes a request with what the account needs, sends it, and keeps what is to be kept.
func (s *sessions) request(ctx context.Context, req awsenv.Request) (awsenv.Session, error) {
	if err := s.complete(ctx, &req); err != nil {
		return awsenv.Session{}, err
	}
	turn := s.takeTurns(&req)
	defer turn.end(ctx) // when what the code got is kept
	session, err := awsenv.Resolve(ctx, req)
	if err != nil && turn.served {
		turn.served, req.Kept = false, turn.kept
		session, err = awsenv.Resolve(ctx, req)
	}
	if err != nil {
		return session, askPerson(req.Account, err)
	}
	for _, secret := range session.Secrets {
		s.masker.Add(secret)
	}
	return session, s.keep(ctx, req, session.Kept)
}

// complete sets what a request needs besides the account, the roles and the region.
func (s *sessions) complete(ctx context.Context, req *awsenv.Request) error {
	deps := s.runner.deps
	req.Endpoint, req.Network, req.Now = req.Account.Endpoint, s.network, deps.Now
	if req.Waiting = Telling(ctx); req.Waiting == nil {
		req.Waiting = deps.Unanswered
	}
	req.Environ, req.Profiles, req.MFA = s.runner.environ(ctx), awsenv.ProfileFiles(deps.Environ, deps.Home), s.codes
	if req.NoAccount {
		return nil
	}
	if err := s.credentials(ctx, req); err != nil || deps.SignIns == nil {
		return err
	}
	req.SignIn, req.SignedIn = deps.SignIns.ProfileKeys, deps.SignIns.Keys
	var err error
	req.Kept, err = deps.SignIns.KeptKeys(ctx, req.Account)
	return err
}

// keep keeps what a request got for a code or from a process, unless it is kept already.
func (s *sessions) keep(ctx context.Context, req awsenv.Request, keys *awsenv.Kept) error {
	if keys == nil || s.runner.deps.SignIns == nil || req.Kept != nil && *req.Kept == *keys {
		return nil
	}
	return s.runner.deps.SignIns.KeepKeys(ctx, req.Account, *keys)
}

// credentials sets the account's secrets in req.
func (s *sessions) credentials(ctx context.Context, req *awsenv.Request) error {
	a := &req.Account
	if a.InSandbox() {
		key := s.keys[a.ID]
		a.AccessKeyID, req.SecretKey = key.AccessKeyID, key.SecretKey
		if s.sandbox != nil {
			req.Endpoint = s.sandbox.Endpoint()
		}
		return nil
	}
	if a.Kind != model.KindAccessKey {
		return nil
	}
	if !a.SecretSet {
		return missingKey(*a)
	}
	secret, ok, err := s.open(ctx, a.SecretKeyRef())
	if err != nil {
		return err
	}
	if !ok {
		return missingKey(*a)
	}
	s.masker.Add(secret)
	req.SecretKey = secret
	if a.TokenSet {
		if req.SessionToken, ok, err = s.open(ctx, a.SessionTokenRef()); err != nil {
			return err
		}
		if !ok {
			return model.NewError("account.token.missing",
				"The account %q was saved with a session token, which is not on this computer. Add the account again.", a.Name)
		}
		s.masker.Add(req.SessionToken)
	}
	return nil
}

// checkExpected returns an error if the step would act in another AWS account than it must.
func checkExpected(step openStep, r resolvedSession) error {
	s := step.real()
	for _, e := range s.Expect {
		if e.AWSID != r.Identity.AWSID {
			return model.NewError(wrongAccount,
				"The step %q would act in AWS account %s as %s, but %s expects %s. "+
					"Choose another account or role, or change the expected account.",
				s.Step.Name, r.account, r.Identity.ARN, e.From, e.AWSID)
		}
	}
	return nil
}

// wrongAccount is the code of the error that a step would act in another AWS account than it must.
const wrongAccount = "run.expect"

// checkConfirmed returns an error if the step acts in a protected AWS account that was not confirmed for this run.
func checkConfirmed(s openStep, r resolvedSession, typed []string) error {
	return unconfirmed(fmt.Sprintf("The step %q acts in", s.real().Step.Name), r.account, typed)
}

// unconfirmed returns an error if an AWS account is protected and what was typed is not about it. acts begins the sentence.
func unconfirmed(acts string, a model.AWSAccount, typed []string) error {
	if !a.Protected || slices.ContainsFunc(typed, a.Matches) {
		return nil
	}
	wrong := ""
	if len(typed) > 0 {
		wrong = fmt.Sprintf(" %q is neither its id nor its label.", strings.Join(typed, ", "))
	}
	return unanswered{model.NewError(CodeUnconfirmed, "%s the protected AWS account %s.%s Confirm it with its id or label.", acts, a, wrong),
		Confirmation{a}}
}

// CodeUnconfirmed is the code of the error that something would act in a protected AWS account that nobody has confirmed.
const CodeUnconfirmed = "run.protected"
