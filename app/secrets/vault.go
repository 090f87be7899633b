package secrets

import (
	"context"

	"github.com/stepdeck/stepdeck/model/vault"
)

type (
	// Status is the state of the vault.
	Status = vault.Status
	// Question asks a person for a passphrase.
	Question = vault.Question
)

// How the vault's key is protected.
const (
	ByKeychain   = vault.ByKeychain
	ByPassphrase = vault.ByPassphrase
)

// Status returns the state of the vault, without opening it.
func (s *Service) Status(ctx context.Context) (Status, error) { return s.vault.Status(ctx) }

// Ready opens the vault, or creates it if there is none.
func (s *Service) Ready(ctx context.Context) error { return s.vault.Ready(ctx) }

// Lock forgets the vault's key.
func (s *Service) Lock(ctx context.Context) error { return s.vault.Lock(ctx) }

// Check opens the vault and reads every secret in it.
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

// MasterKey returns the key to all secrets if the vault is open, otherwise nil. It is for another process that works with the
// same vault, and must not be written anywhere.
func (s *Service) MasterKey(ctx context.Context) ([]byte, error) { return s.vault.MasterKey(ctx) }
