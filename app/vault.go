package app

import (
	"os"

	"github.com/stepdeck/stepdeck/model/vault"
)

// newVault returns the vault of the data folder. It asks for nothing until a secret is needed.
func newVault(dir string, o Options) *vault.Vault {
	return vault.Open(vault.Options{
		Dir:        dir,
		Passphrase: vault.FromEnvironment(func(name string) string { return getenv(o.Environ, name) }, os.ReadFile),
		Waiting:    o.Waiting,
		Ask:        o.Ask,
		MasterKey:  o.MasterKey,
	})
}
