// Package secrets saves secrets together with the accounts and projects that own them.
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

// Service stores and returns the secrets of accounts and variables. The store knows the vault entry of each.
type Service struct {
	vault *vault.Vault
	store *store.Store
	log   *slog.Logger
}

// New returns the service for a store and its vault.
func New(v *vault.Vault, st *store.Store, log *slog.Logger) *Service { return &Service{v, st, log} }

// Get implements runner.Secrets.
func (s *Service) Get(ctx context.Context, of model.SecretRef) (string, error) {
	entry, err := s.store.VaultEntry(ctx, of)
	for {
		if err != nil {
			return "", err
		}
		secret, failed := s.vault.Get(ctx, entry)
		if model.ErrorCode(failed) != model.CodeSecretMissing {
			return secret, failed
		}
		before := entry
		if entry, err = s.store.VaultEntry(ctx, of); err == nil && entry == before {
			return "", failed
		}
		// It was replaced between the two calls: try again.
	}
}

// Secret is a secret to be saved with its owner. Owner is called after the owner was saved, when its id is known.
type Secret struct {
	Field string
	Value string
	Owner func() (model.SecretRef, error)
}

// OfAccount returns the secrets of an account that is going to be saved.
func OfAccount(a *model.Account, s model.AccountSecrets) []Secret {
	var list []Secret
	if s.SecretKey != "" {
		owner := func() (model.SecretRef, error) { return a.SecretKeyRef(), nil }
		list = append(list, Secret{model.SecretKeyField, s.SecretKey, owner})
	}
	if s.SessionToken != "" {
		owner := func() (model.SecretRef, error) { return a.SessionTokenRef(), nil }
		list = append(list, Secret{model.SessionTokenField, s.SessionToken, owner})
	}
	return list
}

// OfProject returns the values that were typed for the sensitive variables of a project that is going to be saved.
func OfProject(p *model.Project, typed []model.ValueSecret) []Secret {
	list := make([]Secret, len(typed))
	for i, secret := range typed {
		list[i] = Secret{model.ValueField, secret.Value, func() (model.SecretRef, error) { return secret.Owner(*p) }}
	}
	return list
}

// Save calls save in a transaction, and stores the secrets of what it saves: all or nothing, even if the process dies. The
// secrets are put into the vault first, each in a new entry, so that no transaction waits for the vault; they become valid
// with the transaction that records their entries. Secrets that were replaced, or whose transaction failed, are removed
// afterwards, at once or by a later Sweep. action completes "Stepdeck could not …" in errors.
func (s *Service) Save(ctx context.Context, action string, secrets []Secret, save func(c *store.Change) error) error {
	if len(secrets) == 0 {
		return s.change(ctx, action, save)
	}
	// This may ask a person and take long, so it comes before anything is changed, and without a lock.
	if err := s.vault.Ready(ctx); err != nil {
		return err
	}
	defer s.Tidy(ctx) // the vault is open now
	return s.saveSealed(ctx, action, secrets, save)
}

func (s *Service) saveSealed(ctx context.Context, action string, secrets []Secret, save func(c *store.Change) error) error {
	release, err := s.store.HoldSecrets(ctx)
	if err != nil {
		return err
	}
	defer s.unlock(ctx, release)
	entries := make([]model.SecretRef, len(secrets))
	sealed := map[model.SecretRef]string{}
	for i, secret := range secrets {
		entries[i] = store.NewVaultEntry(secret.Field)
		sealed[entries[i]] = secret.Value
	}
	err = s.vault.Put(ctx, sealed)
	if err == nil {
		err = s.change(ctx, action, func(c *store.Change) error {
			if err := save(c); err != nil {
				return err
			}
			return setSecrets(ctx, c, secrets, entries)
		})
	}
	if err != nil {
		s.takeBack(ctx, slices.Collect(maps.Keys(sealed)))
	}
	return err
}

func setSecrets(ctx context.Context, c *store.Change, secrets []Secret, entries []model.SecretRef) error {
	for i, secret := range secrets {
		owner, err := secret.Owner()
		if err != nil {
			return err
		}
		if err := c.SetSecret(ctx, owner, entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// change is [store.Store.Change]. It then removes the secrets of what was deleted from the vault.
func (s *Service) change(ctx context.Context, action string, save func(c *store.Change) error) error {
	var gone []model.SecretRef
	err := s.store.Change(ctx, action, func(c *store.Change) error {
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

// unlock releases a lock of the secrets. If that fails, the lock is released when the process ends.
func (s *Service) unlock(ctx context.Context, release func() error) {
	if err := release(); err != nil {
		s.log.WarnContext(ctx, "can't release the lock of the secrets", "error", err)
	}
}

// tidyTime is how long a save or a start may take for cleaning up.
const tidyTime = 10 * time.Second

// takeBack removes the secrets of a save that failed. A commit that reported an error may have succeeded, so it keeps those
// that the store refers to.
func (s *Service) takeBack(ctx context.Context, entries []model.SecretRef) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	lost, err := s.lost(ctx, entries)
	if err == nil {
		err = s.vault.Delete(ctx, lost...)
	}
	if err != nil {
		s.log.WarnContext(ctx, "the secrets of a failed save stay in the vault until the next sweep", "error", err)
	}
}

// lost returns those entries that the store doesn't refer to.
func (s *Service) lost(ctx context.Context, entries []model.SecretRef) ([]model.SecretRef, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	list, err := s.store.SecretRefs(ctx)
	if err != nil {
		return nil, err
	}
	used := map[model.SecretRef]bool{}
	for _, ref := range list {
		used[ref] = true
	}
	return slices.DeleteFunc(slices.Clone(entries), func(ref model.SecretRef) bool { return used[ref] }), nil
}

// Forget removes secrets whose owner was deleted. If there are none it doesn't open the vault.
func (s *Service) Forget(ctx context.Context, gone []model.SecretRef) {
	if len(gone) == 0 {
		return
	}
	if err := s.vault.Delete(ctx, gone...); err != nil {
		// Not an error: the owner is deleted, and a later Sweep removes the secrets.
		s.log.WarnContext(ctx, "secrets without owner stay in the vault until the next sweep", "count", len(gone), "error", err)
	}
}

// Sweep removes secrets without owner from the vault: those of a process that was killed during a save, or that could not
// open the vault when it deleted their owner. It never asks a person: if the vault doesn't open by itself it does nothing.
func (s *Service) Sweep(ctx context.Context) error {
	lost, err := s.lostSecrets(ctx)
	if err != nil || len(lost) == 0 {
		return err
	}
	if opens, err := s.vault.OpensUnasked(ctx); err != nil || !opens {
		return err
	}
	// The key first: it takes time, during which others would wait for the lock.
	if err := s.vault.Ready(ctx); err != nil {
		return err
	}
	release, err := s.store.OwnSecrets()
	if err != nil || release == nil {
		return err
	}
	defer s.unlock(ctx, release)
	// Once more, now under the lock: secrets that another process was saving have their owner by now.
	if lost, err = s.lostSecrets(ctx); err != nil {
		return err
	}
	if len(lost) > 0 {
		s.log.InfoContext(ctx, "removing secrets without owner from the vault", "count", len(lost))
	}
	return s.vault.Delete(ctx, lost...)
}

func (s *Service) lostSecrets(ctx context.Context) ([]model.SecretRef, error) {
	entries, err := s.vault.UnverifiedRefs(ctx)
	if err != nil {
		return nil, err
	}
	return s.lost(ctx, entries)
}

// Tidy is Sweep with a time limit. It logs errors.
func (s *Service) Tidy(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	if err := s.Sweep(ctx); err != nil {
		s.log.WarnContext(ctx, "remove secrets without owner", "error", err)
	}
}
