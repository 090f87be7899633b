package app

import (
	"context"
	"os"

	"github.com/stepdeck/stepdeck/model/vault"
)

// newVault gives the vault of the data folder. Nothing is asked for before a secret is needed.
func newVault(dir string, environ []string, waiting func()) *vault.Vault {
	return vault.Open(vault.Options{
		Dir:        dir,
		Passphrase: vault.FromEnvironment(func(name string) string { return getenv(environ, name) }, os.ReadFile),
		Waiting:    waiting,
	})
}

// openVault has the vault opened where there is one, so that whatever asks for its key asks before anything is changed.
func (s *Services) openVault(ctx context.Context) error {
	key, err := s.Vault.MasterKey(ctx)
	clear(key)
	return err
}
