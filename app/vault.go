package app

import (
	"context"
	"os"

	"github.com/stepdeck/stepdeck/model/vault"
)

// newVault gives the vault of the data folder. Nothing is asked for before a secret is needed.
func newVault(dir string, o Options) *vault.Vault {
	return vault.Open(vault.Options{
		Dir:        dir,
		Passphrase: vault.FromEnvironment(func(name string) string { return getenv(o.Environ, name) }, os.ReadFile),
		Waiting:    o.Waiting,
		Ask:        o.Ask,
		MasterKey:  o.MasterKey,
	})
}

// openVault has the vault opened, or made where there is none, so that whatever asks for its key asks before anything is
// changed.
func (s *Services) openVault(ctx context.Context) error { return s.Vault.Ready(ctx) }
