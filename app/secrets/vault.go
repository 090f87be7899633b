package secrets

import (
	"context"

	"github.com/stepdeck/stepdeck/model/vault"
)

type (
	// Status tells of the vault.
	Status = vault.Status
	// Question is put to a person for what opens the vault.
	Question = vault.Question
)

// What opens the vault.
const (
	ByKeychain   = vault.ByKeychain
	ByPassphrase = vault.ByPassphrase
)

// Status tells of the vault without opening it.
func (s *Service) Status(ctx context.Context) (Status, error) { return s.vault.Status(ctx) }

// Ready has the vault opened, or made where there is none.
func (s *Service) Ready(ctx context.Context) error { return s.vault.Ready(ctx) }

// Lock forgets what opens the vault.
func (s *Service) Lock(ctx context.Context) error { return s.vault.Lock(ctx) }

// Check reads every secret in the vault.
func (s *Service) Check(ctx context.Context) (Status, error) {
	status, err := s.vault.Status(ctx)
	if err != nil || !status.Exists {
		return status, err
	}
	refs, err := s.vault.Refs(ctx)
	for i := 0; err == nil && i < len(refs); i++ {
		_, err = s.vault.Get(ctx, refs[i])
	}
	return status, err
}

// MasterKey gives the key to all secrets where the vault is open, for a process that is to work with the same vault without
// opening it again; nil where it is not open. It must not be written anywhere.
func (s *Service) MasterKey(ctx context.Context) ([]byte, error) { return s.vault.MasterKey(ctx) }
