package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// tokenSet is what the tokens of every kind of sign-in can do.
type tokenSet interface {
	Stale(now time.Time) bool  // they should be renewed
	Usable(now time.Time) bool // they still work
}

// renewal says how the tokens of one account's sign-in are renewed.
type renewal[T tokenSet] struct {
	account model.Account
	renew   func(ctx context.Context, tokens T) (T, error)
}

// newRefresher returns a refresher of tokens in the vault: one renewal, however many steps and processes ask at once.
func newRefresher[T tokenSet](s *Service, r renewal[T]) *refresh.Refresher[T] {
	key := r.account.SignInKey()
	return refresh.New(refresh.Source[T]{
		Load:   func(ctx context.Context) (T, error) { return loadTokens[T](ctx, s, r.account) },
		Save:   func(ctx context.Context, tokens T) error { return r.saveRenewed(ctx, s, tokens) },
		Lock:   func(ctx context.Context) (func() error, error) { return s.deps.Store.LockSignIn(ctx, key) },
		Stale:  func(tokens T) bool { return tokens.Stale(s.deps.Now()) },
		Usable: func(tokens T) bool { return tokens.Usable(s.deps.Now()) },
		Renew:  func(ctx context.Context, tokens T) (T, error) { return r.renewed(ctx, s, tokens) },
		Now:    s.deps.Now,
	})
}

// renewed renews tokens. That a sign-in has ended is recorded, so that lists say it.
func (r renewal[T]) renewed(ctx context.Context, s *Service, tokens T) (T, error) {
	next, err := r.renew(ctx, tokens)
	if model.ErrorCode(err) != model.CodeSignInEnded {
		return next, err
	}
	signIn, found, unread := s.deps.Store.SignIn(ctx, r.account.SignInKey())
	if unread == nil && found {
		signIn.Ends = s.deps.Now()
		unread = s.deps.Store.Change(ctx, "record the end of the sign-in", func(c *store.Change) error { return c.SaveSignIn(ctx, &signIn) })
	}
	if unread != nil {
		s.deps.Log.WarnContext(ctx, "record the end of a sign-in", "error", unread)
	}
	return next, err
}

// loadTokens reads the tokens of an account's sign-in from the vault.
func loadTokens[T tokenSet](ctx context.Context, s *Service, a model.Account) (tokens T, err error) {
	signIn, found, err := s.deps.Store.SignIn(ctx, a.SignInKey())
	if err != nil {
		return tokens, err
	}
	if !found {
		return tokens, needed(a)
	}
	text, err := s.deps.Secrets.Get(ctx, signIn.TokensRef())
	if model.ErrorCode(err) == model.CodeSecretMissing {
		return tokens, needed(a)
	}
	if err != nil {
		return tokens, err
	}
	if json.Unmarshal([]byte(text), &tokens) != nil { // the error could quote a token
		return tokens, needed(a)
	}
	return tokens, nil
}

// saveRenewed keeps renewed tokens, unless the person has signed out meanwhile.
func (r renewal[T]) saveRenewed(ctx context.Context, s *Service, tokens T) error {
	signIn, found, err := s.deps.Store.SignIn(ctx, r.account.SignInKey())
	if err != nil || !found {
		return err
	}
	return saveTokens(ctx, s, &signIn, tokens)
}

// saveNewTokens saves what a person got by signing in. It waits for a renewal of the tokens before, which would overwrite them.
func saveNewTokens[T tokenSet](ctx context.Context, s *Service, signIn *model.SignIn, tokens T) error {
	unlock, err := s.deps.Store.LockSignIn(ctx, signIn.Key)
	if err != nil {
		return err
	}
	err = saveTokens(ctx, s, signIn, tokens)
	s.forget(signIn.Key)
	return errors.Join(err, unlock())
}

// saveTokens saves a sign-in with its tokens.
func saveTokens[T tokenSet](ctx context.Context, s *Service, signIn *model.SignIn, tokens T) error {
	text, err := json.Marshal(tokens)
	if err != nil {
		return fmt.Errorf("write the tokens of the sign-in: %w", err)
	}
	secret := secrets.Secret{
		Field: model.TokensField, Value: string(text), Owner: func() (model.SecretRef, error) { return signIn.TokensRef(), nil },
	}
	return s.deps.Secrets.Save(ctx, "keep the sign-in", []secrets.Secret{secret}, func(c *store.Change) error {
		return c.SaveSignIn(ctx, signIn)
	})
}

// refresherOf returns the refresher with that key, and makes it if there is none.
func refresherOf[T any](s *Service, list refreshers[T], key string, create func() *refresh.Refresher[T]) *refresh.Refresher[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list[key] == nil {
		list[key] = create()
	}
	return list[key]
}
