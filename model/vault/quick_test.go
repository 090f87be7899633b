package vault

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// testdata/vault-quick is an empty vault that a passphrase opens at next to no cost, since a vault file says what its
// passphrase costs. Tests of other packages put it into their data folders.
const (
	quickVault      = "vault-quick"
	quickPassphrase = "correct horse battery staple"
)

func TestQuickVault(t *testing.T) {
	golden, dir := filepath.Join("testdata", quickVault), t.TempDir()
	if *writeGolden {
		v := Open(Options{Dir: dir, Passphrase: given(quickPassphrase), Keychain: noKeychain{}, cost: cheap})
		must(t, v.Ready(t.Context()))
		text, err := os.ReadFile(v.path)
		must(t, err)
		must(t, os.WriteFile(golden, text, 0o600))
	}
	text, err := os.ReadFile(golden)
	must(t, err)
	f, err := decode(text)
	must(t, err)
	if f.cost != cheap || len(f.entries) != 0 {
		t.Errorf("it costs %+v and has %d secrets, want %+v and none", f.cost, len(f.entries), cheap)
	}
	v := Open(Options{Dir: dir, Passphrase: given(quickPassphrase), Keychain: noKeychain{}})
	must(t, os.WriteFile(v.path, text, 0o600))
	must(t, v.Put(t.Context(), map[model.SecretRef]string{ref("new", "value"): "added"}))
	wantSecret(t, v, ref("new", "value"), "added")
}
