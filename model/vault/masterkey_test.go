package vault

import (
	"testing"

	"golang.org/x/crypto/argon2"

	"github.com/stepdeck/stepdeck/model"
)

// Whoever has the vault open hands its key on: the passphrase is paid for once, however many work with it.
func TestOneDerivationForAllThatAreHandedTheKey(t *testing.T) {
	ctx, dir, key := t.Context(), t.TempDir(), ref("a1", model.SecretKeyField)
	must(t, openCheap(dir).Put(ctx, map[model.SecretRef]string{key: "hunter2"}))
	paid := 0
	count := func(passphrase, salt []byte, rounds, memory uint32, threads uint8, size uint32) []byte {
		paid++
		return argon2.IDKey(passphrase, salt, rounds, memory, threads, size)
	}
	open := func(master []byte) *Vault {
		return Open(Options{Dir: dir, Passphrase: given(passphrase), Keychain: noKeychain{}, MasterKey: master, cost: cheap, derive: count})
	}
	first := open(nil)
	if master, err := first.MasterKey(ctx); err != nil || master != nil || paid != 0 {
		t.Errorf("a vault that is not open gives %d bytes for %d derivations: %v", len(master), paid, err)
	}
	wantSecret(t, first, key, "hunter2")
	for range 2 {
		master, err := first.MasterKey(ctx)
		must(t, err)
		wantSecret(t, open(master), key, "hunter2")
	}
	if paid != 1 {
		t.Errorf("%d derivations, want 1", paid)
	}
	wantSecret(t, open(nil), key, "hunter2")
	if paid != 2 {
		t.Errorf("one without the key: %d derivations, want 2: what counts them is blind", paid)
	}
}

func TestLockForgetsTheGivenKey(t *testing.T) {
	ctx, dir, key := t.Context(), t.TempDir(), ref("a1", model.SecretKeyField)
	v := openCheap(dir)
	must(t, v.Put(ctx, map[model.SecretRef]string{key: "hunter2"}))
	master, err := v.MasterKey(ctx)
	must(t, err)
	other := Open(Options{Dir: dir, Keychain: noKeychain{}, MasterKey: master})
	if opens, err := other.OpensUnasked(ctx); err != nil || !opens {
		t.Errorf("with the key it does not open unasked: %v", err)
	}
	wantSecret(t, other, key, "hunter2")
	must(t, other.Lock(ctx))
	_, err = other.Get(ctx, key)
	wantCode(t, err, "vault.passphrase.missing")
	if master, err := other.MasterKey(ctx); err != nil || master != nil {
		t.Errorf("a locked vault gives its key: %v", err)
	}
	must(t, v.Lock(ctx))
	if master, err := v.MasterKey(ctx); err != nil || master != nil {
		t.Errorf("a locked vault gives its key: %v", err)
	}
}
