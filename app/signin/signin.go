// Package signin signs people in to AWS, keeps what they got in the vault and fresh, and lists what a sign-in leads to.
package signin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// Deps are the dependencies of the Service.
type Deps struct {
	Store   *store.Store
	Secrets *secrets.Service
	Environ []string         // of this process, for the proxy, certificates and profiles
	Home    string           // the person's home folder, with ~/.aws
	Now     func() time.Time // nil for time.Now
	Log     *slog.Logger
}

// Service signs in and hands out tokens. It is safe for concurrent use.
type Service struct {
	deps Deps

	mu      sync.Mutex
	network *awsenv.Network // nil before it is needed
	console refreshers[console.Tokens]
	center  refreshers[identitycenter.Tokens]
	last    map[model.ID]string               // what LastSignIn returned, by the account's id
	caches  map[string]string                 // paths of the aws command's files, by profile; empty: it has none
	portals map[string]*identitycenter.Portal // by the sign-in's key: each keeps to a number of requests a second
}

// refreshers keep tokens fresh, by the key of the sign-in or the path of the file that has them.
type refreshers[T any] map[string]*refresh.Refresher[T]

// New returns the service.
func New(deps Deps) *Service {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	return &Service{
		deps: deps, console: refreshers[console.Tokens]{}, center: refreshers[identitycenter.Tokens]{},
		last: map[model.ID]string{}, caches: map[string]string{}, portals: map[string]*identitycenter.Portal{},
	}
}

// Close closes idle connections.
func (s *Service) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.network != nil {
		s.network.Close()
	}
}

// reach returns how AWS is reached. The certificates and the proxy are read when they are first needed.
func (s *Service) reach() (*awsenv.Network, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.network != nil {
		return s.network, nil
	}
	var err error
	s.network, err = awsenv.NewNetwork(s.deps.Environ)
	return s.network, err
}

// person is whoever signs in.
type person struct {
	show  func(step model.SignInStep)
	paste func(ctx context.Context) (string, error)
}

// SignIn signs a person in for an account. show is called with what the person has to do, also again; paste returns the text that a
// page shows, for a step with Paste. It returns when AWS has answered, or ctx ends.
func (s *Service) SignIn(ctx context.Context, a model.Account, way model.SignInWay, show func(model.SignInStep),
	paste func(context.Context) (string, error),
) (model.SignIn, error) {
	if err := model.Problems("The sign-in", slices.DeleteFunc(a.Check(), unrelated)); err != nil {
		return model.SignIn{}, err
	}
	switch a.Kind {
	case model.KindConsole:
		return s.signInToConsole(ctx, a, way, person{show, paste})
	case model.KindIdentityCenter:
		return s.signInToPortal(ctx, a, way, person{show, paste})
	default:
		return model.SignIn{}, model.NewError("signin.kind", "Nobody signs in for account %q: it is of kind %s.", a.Name, a.Kind)
	}
}

// unrelated reports whether a problem of an account doesn't keep anybody from signing in: what the account leads to is often chosen
// from what the sign-in shows.
func unrelated(p model.Problem) bool {
	return !slices.Contains([]string{"startUrl", "signInRegion", "endpoint"}, p.Field)
}

// SignIns returns the sign-ins of this computer, by name.
func (s *Service) SignIns(ctx context.Context) ([]model.SignIn, error) {
	return s.deps.Store.SignIns(ctx)
}

// SignInOf returns the sign-in that an account uses; found is false if nobody has signed in.
func (s *Service) SignInOf(ctx context.Context, a model.Account) (signIn model.SignIn, found bool, err error) {
	return s.deps.Store.SignIn(ctx, a.SignInKey())
}

// LastSignIn implements runner.SignIns.
func (s *Service) LastSignIn(ctx context.Context, a model.Account) (string, error) {
	last, err := s.lastSignIn(ctx, a)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	known, read := s.last[a.ID]
	s.last[a.ID] = last
	s.mu.Unlock()
	if read && known != last {
		s.forget(a.SignInKey()) // another process may have changed the tokens
		s.forgetCached(s.cachePathOf(ctx, a))
	}
	return last, nil
}

func (s *Service) lastSignIn(ctx context.Context, a model.Account) (string, error) {
	if !a.SignsIn() {
		kept := ""
		entry, err := s.deps.Store.VaultEntry(ctx, a.KeptKeysRef())
		if entry != a.KeptKeysRef() { // else there never was any
			kept = string(entry.Owner)
		}
		return strings.TrimSpace(kept + " " + stateOf(s.cachePathOf(ctx, a))), err
	}
	signIn, found, err := s.SignInOf(ctx, a)
	if err != nil || !found {
		return "", err
	}
	return fmt.Sprint(signIn.ID, " ", signIn.At.UnixMicro()), nil
}

// NeedsPerson reports whether it is known on this computer that somebody has to sign in for the account, or to enter a code of its
// MFA device. It doesn't ask AWS.
func (s *Service) NeedsPerson(ctx context.Context, a model.Account) (bool, error) {
	switch {
	case a.SignsIn():
		signIn, found, err := s.SignInOf(ctx, a)
		return !found || signIn.Ended(s.deps.Now()), err
	case a.Kind == model.KindAccessKey && a.MFADevice != "":
		keys, err := s.KeptKeys(ctx, a)
		return keys == nil || !keys.Last(s.deps.Now()), err
	}
	return false, nil
}

// AskOnce calls ask, which asks a person the question with that key for the account, unless they sign in or enter a code for it
// elsewhere meanwhile: one process asks at a time, and the others wait for it. busy is called, at most once, when another one asks.
func (s *Service) AskOnce(ctx context.Context, a model.Account, key string, busy func(), ask func(context.Context) error) error {
	before, err := s.LastSignIn(ctx, a)
	if err != nil {
		return err
	}
	timer := time.AfterFunc(time.Second, busy)
	unlock, err := s.deps.Store.LockQuestion(ctx, key)
	timer.Stop()
	if err != nil {
		return err
	}
	now, err := s.LastSignIn(ctx, a)
	if err == nil && now == before {
		err = ask(ctx)
	}
	return errors.Join(err, unlock())
}

// SignOut ends the sign-in of an account, at AWS too if it can be reached, and forgets its tokens.
func (s *Service) SignOut(ctx context.Context, a model.Account) error {
	key := a.SignInKey()
	if a.Kind == model.KindIdentityCenter {
		s.logOut(ctx, a)
	}
	gone, err := s.deps.Store.DeleteSignIn(ctx, key)
	if err != nil {
		return err
	}
	s.forget(key)
	s.deps.Secrets.Forget(ctx, gone)
	return nil
}

// forget makes the next request read the tokens anew.
func (s *Service) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.console[key]; r != nil {
		r.Forget()
	}
	if r := s.center[key]; r != nil {
		r.Forget()
	}
}

// needed is the error that a person has to sign in first.
func needed(a model.Account) error {
	return model.NewError(model.CodeSignInNeeded, "Nobody has signed in for account %q on this computer. Sign in.", a.Name)
}

// AddAccounts makes accounts of profiles or of what a sign-in leads to: all or none.
func (s *Service) AddAccounts(ctx context.Context, list []model.Account) error {
	for _, a := range list {
		if err := model.Problems("The account "+a.Name, a.Check()); err != nil {
			return err
		}
	}
	return s.deps.Store.Change(ctx, "add the accounts", func(c *store.Change) error {
		for i := range list {
			if err := c.SaveAccount(ctx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
