package vault

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

var writeGolden = flag.Bool("write-golden", false, "write testdata/vault-v1-*: only for a new format")

// The golden files are vaults of past formats, with made-up secrets. Every later program must open them.
func TestGoldenVaults(t *testing.T) {
	ctx := context.Background()
	secrets := map[model.SecretRef]string{
		ref("0123456789abcdef0123456789abcdef", model.SecretKeyField):    "a made-up secret key of forty characters",
		ref("0123456789abcdef0123456789abcdef", model.SessionTokenField): "",
		ref("ffffffffffffffffffffffffffffffff", model.ValueField):        "wörld\n🎉",
	}
	// What the keychain of the golden file keeps.
	item := base64.StdEncoding.EncodeToString([]byte("golden golden golden golden gold"))
	wrappings := []wrapping{
		{"passphrase", ByPassphrase, func(dir string) *Vault {
			return Open(Options{Dir: dir, Passphrase: given(passphrase), Keychain: noKeychain{}})
		}},
		{"keychain", ByKeychain, func(dir string) *Vault {
			get := func(string, string) (string, error) { return item, nil }
			return Open(Options{Dir: dir, Keychain: odd{memoryKeychain: newMemoryKeychain(), get: get}})
		}},
	}
	for _, w := range wrappings {
		t.Run("v1-"+w.name, func(t *testing.T) {
			golden := filepath.Join("testdata", "vault-v1-"+w.name)
			dir := t.TempDir()
			v := w.open(dir)
			if *writeGolden {
				writeGoldenVault(t, v, w.kind, item, secrets, golden)
			}
			text, err := os.ReadFile(golden)
			must(t, err)
			must(t, os.WriteFile(v.path, text, 0o600))
			for r, secret := range secrets {
				wantSecret(t, v, r, secret)
			}
			must(t, v.Put(ctx, map[model.SecretRef]string{ref("new", "value"): "added"}))
			wantSecret(t, w.open(dir), ref("new", "value"), "added")
		})
	}
}

func writeGoldenVault(t *testing.T, v *Vault, kind Wrapping, item string, secrets map[model.SecretRef]string, golden string) {
	f := &file{wrapping: kind, entries: map[model.SecretRef]entry{}}
	id, err := hex.DecodeString(strings.Repeat("5d", idSize))
	must(t, err)
	copy(f.id[:], id)
	key := make([]byte, keySize)
	random(key)
	if kind == ByPassphrase {
		f.cost = defaultCost
		f.wrap(v.stretch(f, passphrase), key)
	} else {
		outer, err := base64.StdEncoding.DecodeString(item)
		must(t, err)
		f.wrap(outer, key)
	}
	must(t, v.save(f, key, secrets, nil))
	text, err := os.ReadFile(v.path)
	must(t, err)
	must(t, os.WriteFile(golden, text, 0o600))
}
