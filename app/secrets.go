package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/model/vault"
)

// Secrets gives the secrets of accounts and variables. The store knows where in the vault each lies.
type Secrets struct {
	vault *vault.Vault
	store *store.Store
}

// Get implements runner.Secrets.
func (s *Secrets) Get(ctx context.Context, of model.SecretRef) (string, error) {
	place, err := s.store.SecretPlace(ctx, of)
	for {
		if err != nil {
			return "", err
		}
		secret, failed := s.vault.Get(ctx, place)
		if model.ErrorCode(failed) != "secret.missing" {
			return secret, failed
		}
		before := place
		if place, err = s.store.SecretPlace(ctx, of); err == nil && place == before {
			return "", failed
		}
		// It was replaced between the two looks.
	}
}

// newSecret is a secret with what will own it, whose id is known once it was saved.
type newSecret struct {
	field string
	value string
	owner func() (model.SecretRef, error)
}

func owned(ref func() model.SecretRef) func() (model.SecretRef, error) {
	return func() (model.SecretRef, error) { return ref(), nil }
}

// keep saves things together with the secrets that they own: all of it or nothing, also where the process dies in between.
// The secrets are sealed first, each in a place of its own, so that no transaction waits for the vault; they count once the
// transaction that names their places is kept. What was sealed in vain, or is replaced, goes afterwards: at once, or with a
// later sweep.
func (s *Services) keep(ctx context.Context, what string, secrets []newSecret, save func(c *store.Change) error) error {
	if len(secrets) == 0 {
		return s.change(ctx, what, save)
	}
	// It may ask somebody, and it takes time: before anything is changed, and without a lock.
	if err := s.openVault(ctx); err != nil {
		return err
	}
	defer s.tidySecrets(ctx) // the vault is open now
	return s.keepSealed(ctx, what, secrets, save)
}

func (s *Services) keepSealed(ctx context.Context, what string, secrets []newSecret, save func(c *store.Change) error) error {
	release, err := s.Store.HoldSecrets(ctx)
	if err != nil {
		return err
	}
	defer s.letGo(ctx, release)
	places := make([]model.SecretRef, len(secrets))
	sealed := map[model.SecretRef]string{}
	for i, secret := range secrets {
		places[i] = store.NewSecretPlace(secret.field)
		sealed[places[i]] = secret.value
	}
	err = s.Vault.Put(ctx, sealed)
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

func setSecrets(ctx context.Context, c *store.Change, secrets []newSecret, places []model.SecretRef) error {
	for i, secret := range secrets {
		of, err := secret.owner()
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
func (s *Services) change(ctx context.Context, what string, save func(c *store.Change) error) error {
	var gone []model.SecretRef
	err := s.Store.Change(ctx, what, func(c *store.Change) error {
		err := save(c)
		gone = c.Gone
		return err
	})
	if err != nil {
		return err
	}
	s.forget(ctx, gone)
	return nil
}

// letGo releases a lock of the secrets. A lock that stays dies with the process.
func (s *Services) letGo(ctx context.Context, release func() error) {
	if err := release(); err != nil {
		s.log.WarnContext(ctx, "the lock of the secrets stays", "error", err)
	}
}

// tidyTime is how long a save or a start waits for what only tidies up.
const tidyTime = 10 * time.Second

// takeBack removes what was sealed for a save that failed. A commit that failed may have happened all the same: what the
// store names stays.
func (s *Services) takeBack(ctx context.Context, places []model.SecretRef) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	lost, err := s.lost(ctx, places)
	if err == nil {
		err = s.Vault.Delete(ctx, lost...)
	}
	if err != nil {
		s.log.WarnContext(ctx, "what was sealed for a failed save stays until the next sweep", "error", err)
	}
}

// lost gives those places that nothing configured names.
func (s *Services) lost(ctx context.Context, places []model.SecretRef) ([]model.SecretRef, error) {
	if len(places) == 0 {
		return nil, nil
	}
	list, err := s.Store.SecretRefs(ctx)
	if err != nil {
		return nil, err
	}
	named := map[model.SecretRef]bool{}
	for _, ref := range list {
		named[ref] = true
	}
	return slices.DeleteFunc(slices.Clone(places), func(ref model.SecretRef) bool { return named[ref] }), nil
}

// forget removes secrets whose thing is gone. With nothing to remove the vault stays closed.
func (s *Services) forget(ctx context.Context, gone []model.SecretRef) {
	if len(gone) == 0 {
		return
	}
	if err := s.Vault.Delete(ctx, gone...); err != nil {
		// The thing itself is gone; what is left in the vault belongs to nobody.
		s.log.WarnContext(ctx, "secrets of removed things stay sealed in the vault until the next sweep", "count", len(gone), "error", err)
	}
}

// SweepSecrets takes out of the vault what belongs to nobody: a program was killed between sealing and saving, or could
// not open the vault when it removed a thing. It asks nobody anything: a vault that is not open, and that no given
// passphrase opens, is left for later.
func (s *Services) SweepSecrets(ctx context.Context) error {
	lost, err := s.lostSecrets(ctx)
	if err != nil || len(lost) == 0 {
		return err
	}
	if opens, err := s.Vault.OpensUnasked(ctx); err != nil || !opens {
		return err
	}
	// The key first: it takes time, and others wait for the lock.
	if err := s.openVault(ctx); err != nil {
		return err
	}
	release, err := s.Store.OwnSecrets()
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
	return s.Vault.Delete(ctx, lost...)
}

func (s *Services) lostSecrets(ctx context.Context) ([]model.SecretRef, error) {
	places, err := s.Vault.Places(ctx)
	if err != nil {
		return nil, err
	}
	return s.lost(ctx, places)
}

// tidySecrets sweeps where nobody waits for what comes of it.
func (s *Services) tidySecrets(ctx context.Context) {
	if s.Vault == nil {
		return // closed before it was open
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	if err := s.SweepSecrets(ctx); err != nil {
		s.log.WarnContext(ctx, "look for secrets that belong to nobody", "error", err)
	}
}
