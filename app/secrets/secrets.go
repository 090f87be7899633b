// Package secrets keeps secrets together with the things that own them.
package secrets

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/model/vault"
)

// Service seals and gives the secrets of accounts and variables. The store knows where in the vault each of them is.
type Service struct {
	vault *vault.Vault
	store *store.Store
	log   *slog.Logger
}

// New makes the service on a store and the vault beside it.
func New(v *vault.Vault, st *store.Store, log *slog.Logger) *Service { return &Service{v, st, log} }

// Get implements runner.Secrets.
func (s *Service) Get(ctx context.Context, of model.SecretRef) (string, error) {
	place, err := s.store.SecretPlace(ctx, of)
	for {
		if err != nil {
			return "", err
		}
		secret, failed := s.vault.Get(ctx, place)
		if model.ErrorCode(failed) != model.CodeSecretMissing {
			return secret, failed
		}
		before := place
		if place, err = s.store.SecretPlace(ctx, of); err == nil && place == before {
			return "", failed
		}
		// It was replaced between the two looks.
	}
}

// Secret is one that is to be saved with its owner, whose id is known once that was saved.
type Secret struct {
	Field string
	Value string
	Owner func() (model.SecretRef, error)
}

// OfAccount lists the secrets of an account that is about to be saved with them.
func OfAccount(a *model.Account, s model.AccountSecrets) []Secret {
	var list []Secret
	if s.SecretKey != "" {
		list = append(list, Secret{model.SecretKeyField, s.SecretKey, func() (model.SecretRef, error) { return a.SecretKeyRef(), nil }})
	}
	if s.SessionToken != "" {
		list = append(list, Secret{model.SessionTokenField, s.SessionToken, func() (model.SecretRef, error) { return a.SessionTokenRef(), nil }})
	}
	return list
}

// OfProject lists what was typed for the sensitive variables of a project that is about to be saved with it.
func OfProject(p *model.Project, typed []model.ValueSecret) []Secret {
	list := make([]Secret, len(typed))
	for i, secret := range typed {
		list[i] = Secret{model.ValueField, secret.Value, func() (model.SecretRef, error) { return secret.Owner(*p) }}
	}
	return list
}

// Save saves things together with the secrets that they own: all of it or nothing, also where the process dies in between.
// The secrets are sealed first, each in a place of its own, so that no transaction waits for the vault; they count once the
// transaction that names their places is kept. What was sealed in vain, or is replaced, goes afterwards: at once, or with a
// later sweep.
func (s *Service) Save(ctx context.Context, what string, secrets []Secret, save func(c *store.Change) error) error {
	if len(secrets) == 0 {
		return s.change(ctx, what, save)
	}
	// It may ask somebody, and it takes time: before anything is changed, and without a lock.
	if err := s.vault.Ready(ctx); err != nil {
		return err
	}
	defer s.Tidy(ctx) // the vault is open now
	return s.saveSealed(ctx, what, secrets, save)
}

func (s *Service) saveSealed(ctx context.Context, what string, secrets []Secret, save func(c *store.Change) error) error {
	release, err := s.store.HoldSecrets(ctx)
	if err != nil {
		return err
	}
	defer s.letGo(ctx, release)
	places := make([]model.SecretRef, len(secrets))
	sealed := map[model.SecretRef]string{}
	for i, secret := range secrets {
		places[i] = store.NewSecretPlace(secret.Field)
		sealed[places[i]] = secret.Value
	}
	err = s.vault.Put(ctx, sealed)
	if err == nil {
		err = s.change(ctx, what, func(c *store.Change) error {
			if err := save(c); err != nil {
				return err
			}
			return setSecrets(ctx, c, secrets, places)
		})
	}
	if err != nil {
		s.takeBack(ctx, slices.Collect(maps.Keys(sealed)))
	}
	return err
}

func setSecrets(ctx context.Context, c *store.Change, secrets []Secret, places []model.SecretRef) error {
	for i, secret := range secrets {
		of, err := secret.Owner()
		if err != nil {
			return err
		}
		if err := c.SetSecret(ctx, of, places[i]); err != nil {
			return err
		}
	}
	return nil
}

// change is Store.Change, with the secrets of what it removed taken out of the vault.
func (s *Service) change(ctx context.Context, what string, save func(c *store.Change) error) error {
	var gone []model.SecretRef
	err := s.store.Change(ctx, what, func(c *store.Change) error {
		err := save(c)
		gone = c.Gone
		return err
	})
	if err != nil {
		return err
	}
	s.Forget(ctx, gone)
	return nil
}

// letGo releases a lock of the secrets. A lock that stays dies with the process.
func (s *Service) letGo(ctx context.Context, release func() error) {
	if err := release(); err != nil {
		s.log.WarnContext(ctx, "the lock of the secrets stays", "error", err)
	}
}

// tidyTime is how long a save or a start waits for what only tidies up.
const tidyTime = 10 * time.Second

// takeBack removes what was sealed for a save that failed. A commit that failed may have happened all the same: what the
// store names stays.
func (s *Service) takeBack(ctx context.Context, places []model.SecretRef) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	lost, err := s.lost(ctx, places)
	if err == nil {
		err = s.vault.Delete(ctx, lost...)
	}
	if err != nil {
		s.log.WarnContext(ctx, "what was sealed for a failed save stays until the next sweep", "error", err)
	}
}

// lost gives those places that nothing configured names.
func (s *Service) lost(ctx context.Context, places []model.SecretRef) ([]model.SecretRef, error) {
	if len(places) == 0 {
		return nil, nil
	}
	list, err := s.store.SecretRefs(ctx)
	if err != nil {
		return nil, err
	}
	named := map[model.SecretRef]bool{}
	for _, ref := range list {
		named[ref] = true
	}
	return slices.DeleteFunc(slices.Clone(places), func(ref model.SecretRef) bool { return named[ref] }), nil
}

// Forget removes secrets whose thing is gone. With nothing to remove the vault stays closed.
func (s *Service) Forget(ctx context.Context, gone []model.SecretRef) {
	if len(gone) == 0 {
		return
	}
	if err := s.vault.Delete(ctx, gone...); err != nil {
		// The thing itself is gone; what is left in the vault belongs to nobody.
		s.log.WarnContext(ctx, "secrets of removed things stay sealed in the vault until the next sweep", "count", len(gone), "error", err)
	}
}

// Sweep takes out of the vault what belongs to nobody: a program was killed between sealing and saving, or could
// not open the vault when it removed a thing. It asks nobody anything: a vault that is not open, and that no given
// passphrase opens, is left for later.
func (s *Service) Sweep(ctx context.Context) error {
	lost, err := s.lostSecrets(ctx)
	if err != nil || len(lost) == 0 {
		return err
	}
	if opens, err := s.vault.OpensUnasked(ctx); err != nil || !opens {
		return err
	}
	// The key first: it takes time, and others wait for the lock.
	if err := s.vault.Ready(ctx); err != nil {
		return err
	}
	release, err := s.store.OwnSecrets()
	if err != nil || release == nil {
		return err
	}
	defer s.letGo(ctx, release)
	// Looked at again: what another process was about to save has its owner by now.
	if lost, err = s.lostSecrets(ctx); err != nil {
		return err
	}
	if len(lost) > 0 {
		s.log.InfoContext(ctx, "secrets that belong to nobody are removed from the vault", "count", len(lost))
	}
	return s.vault.Delete(ctx, lost...)
}

func (s *Service) lostSecrets(ctx context.Context) ([]model.SecretRef, error) {
	places, err := s.vault.Places(ctx)
	if err != nil {
		return nil, err
	}
	return s.lost(ctx, places)
}

// Tidy sweeps where nobody waits for what comes of it.
func (s *Service) Tidy(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	if err := s.Sweep(ctx); err != nil {
		s.log.WarnContext(ctx, "look for secrets that belong to nobody", "error", err)
	}
}
