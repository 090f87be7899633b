package vault

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// The keychains of these tests are doubles: a real one can't be made to hang or to lie. The suite runs against the real
// one too, below.

// noKeychain is that of a machine without any.
type noKeychain struct{}

var errNoKeychain = errors.New("no session bus")

func (noKeychain) Set(string, string, string) error   { return errNoKeychain }
func (noKeychain) Get(string, string) (string, error) { return "", errNoKeychain }
func (noKeychain) Delete(string, string) error        { return errNoKeychain }

// memoryKeychain works as it should.
type memoryKeychain struct {
	mu    sync.Mutex
	items map[string]string
}

func newMemoryKeychain() *memoryKeychain { return &memoryKeychain{items: map[string]string{}} }

func (m *memoryKeychain) Set(service, item, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[service+"/"+item] = secret
	return nil
}

func (m *memoryKeychain) Get(service, item string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	secret, ok := m.items[service+"/"+item]
	if !ok {
		return "", ErrNoItem
	}
	return secret, nil
}

func (m *memoryKeychain) Delete(service, item string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, service+"/"+item)
	return nil
}

func TestKeychainVaultWithADouble(t *testing.T) {
	chain := newMemoryKeychain()
	suite(t, wrapping{"keychain", ByKeychain, func(dir string) *Vault { return Open(Options{Dir: dir, Keychain: chain}) }})
	for name, secret := range chain.items {
		if !strings.HasPrefix(name, service+"/") || len(secret) > maxItem {
			t.Errorf("the keychain has %s of %d bytes", name, len(secret))
		}
	}
}

// smallKeychain takes what Windows' Credential Manager does: 2,560 bytes. Source: CREDENTIALW, CRED_MAX_CREDENTIAL_BLOB_SIZE.
type smallKeychain struct{ *memoryKeychain }

func (s smallKeychain) Set(service, item, secret string) error {
	if len(secret) > 5*512 {
		return errors.New("the stub received bad data")
	}
	return s.memoryKeychain.Set(service, item, secret)
}

// Session tokens have up to 4,096 bytes. They are in the vault's file: the keychain has its key alone, however much that seals.
func TestSecretsLargerThanAKeychainTakes(t *testing.T) {
	chain := smallKeychain{newMemoryKeychain()}
	dir, ctx := t.TempDir(), context.Background()
	tokens := map[model.SecretRef]string{}
	for _, name := range []string{"a", "b", "c"} {
		tokens[ref(name, "sessionToken")] = strings.Repeat(name+"/+=", 1024)
	}
	must(t, Open(Options{Dir: dir, Keychain: chain}).Put(ctx, tokens))
	for r, token := range tokens {
		wantSecret(t, Open(Options{Dir: dir, Keychain: chain}), r, token)
	}
	if len(chain.items) != 1 {
		t.Errorf("the keychain has %d items", len(chain.items))
	}
}

// odd is a keychain with parts of it replaced.
type odd struct {
	*memoryKeychain
	set func(service, item, secret string) error
	get func(service, item string) (string, error)
}

func (o odd) Set(service, item, secret string) error {
	if o.set != nil {
		return o.set(service, item, secret)
	}
	return o.memoryKeychain.Set(service, item, secret)
}

func (o odd) Get(service, item string) (string, error) {
	if o.get != nil {
		return o.get(service, item)
	}
	return o.memoryKeychain.Get(service, item)
}

func TestLyingKeychainsCreateNoVault(t *testing.T) {
	for _, row := range []struct {
		name  string
		chain odd
	}{
		{"says yes and keeps nothing", odd{set: func(string, string, string) error { return nil }}},
		{"gives another text back", odd{get: func(string, string) (string, error) { return "other", nil }}},
		{"panics", odd{set: func(string, string, string) error { panic("bus closed") }}},
		{"keeps it and then fails", odd{get: func(string, string) (string, error) { return "", errors.New("locked") }}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.chain.memoryKeychain = newMemoryKeychain()
			v := Open(Options{Dir: t.TempDir(), Keychain: row.chain})
			wantCode(t, v.Put(context.Background(), map[model.SecretRef]string{ref("a", "b"): "c"}), "vault.nokey")
			if _, err := os.Stat(v.path); !os.IsNotExist(err) {
				t.Error("a vault was made that nobody can open")
			}
		})
	}
}

func TestKeychainThatLaterFails(t *testing.T) {
	ctx := context.Background()
	for _, row := range []struct {
		name, code string
		get        func(string, string) (string, error)
	}{
		{"is locked", "vault.keychain", func(string, string) (string, error) { return "", errors.New("locked") }},
		{"lost the item", "vault.key.missing", func(string, string) (string, error) { return "", ErrNoItem }},
		{"gives nonsense", "vault.key.wrong", func(string, string) (string, error) { return "nonsense", nil }},
		{"gives another key", "vault.key.wrong", func(string, string) (string, error) { return strings.Repeat("A", 43) + "=", nil }},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			chain := newMemoryKeychain()
			must(t, Open(Options{Dir: dir, Keychain: chain}).Put(ctx, map[model.SecretRef]string{ref("a", "b"): "c"}))
			v := Open(Options{Dir: dir, Keychain: odd{memoryKeychain: chain, get: row.get}})
			_, err := v.Get(ctx, ref("a", "b"))
			wantCode(t, err, row.code)
			wantCode(t, v.Put(ctx, map[model.SecretRef]string{ref("d", "e"): "f"}), row.code)
			wantSecret(t, Open(Options{Dir: dir, Keychain: chain}), ref("a", "b"), "c")
		})
	}
}

func TestHangingKeychainCanBeGivenUp(t *testing.T) {
	dir := t.TempDir()
	chain := newMemoryKeychain()
	must(t, Open(Options{Dir: dir, Keychain: chain}).Put(context.Background(), map[model.SecretRef]string{ref("a", "b"): "c"}))
	answer := make(chan struct{})
	inside := make(chan struct{}, 100) // one for each call that was made
	hanging := odd{memoryKeychain: chain, get: func(service, item string) (string, error) {
		inside <- struct{}{}
		<-answer
		return chain.Get(service, item)
	}}
	waited := make(chan struct{}, 1)
	v := Open(Options{Dir: dir, Keychain: hanging, Waiting: func() { waited <- struct{}{} }})

	ctx, cancel := context.WithCancel(context.Background())
	given := make(chan error, 1)
	go func() {
		_, err := v.Get(ctx, ref("a", "b"))
		given <- err
	}()
	<-inside
	select {
	case <-waited: // the person is notified after two seconds
	case <-time.After(time.Minute):
		t.Fatal("nobody was told that the keychain takes long")
	}
	cancel()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v", err)
	}
	// The first call still hangs, so no second one is made: it would only prompt twice.
	short, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer stop()
	if _, err := v.Get(short, ref("a", "b")); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error is %v", err)
	}
	if len(inside) != 0 {
		t.Error("a second call was made while the first one hung")
	}
	// Others are not held up: what needs no key works, and the lock is free.
	if has, err := v.Has(context.Background(), ref("a", "b")); !has || err != nil {
		t.Errorf("has it: %v %v", has, err)
	}
	must(t, Open(Options{Dir: dir, Keychain: chain}).Put(context.Background(), map[model.SecretRef]string{ref("d", "e"): "f"}))
	close(answer)
	wantSecret(t, v, ref("d", "e"), "f")
}

// realKeychain marks the process that runs inside testdata/with-keyring.sh.
const realKeychain = "STEPDECK_VAULT_TEST_KEYRING"

// TestRealKeychain runs the suite again against a real gnome-keyring, and shows what its failures look like to a person.
func TestRealKeychain(t *testing.T) {
	ctx := context.Background()
	switch os.Getenv(realKeychain) {
	case "":
	case "unlocked":
		suite(t, wrapping{"keychain", ByKeychain, func(dir string) *Vault { return Open(Options{Dir: dir}) }})
		return
	default: // locked or none
		put, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		err := Open(Options{Dir: t.TempDir()}).Put(put, map[model.SecretRef]string{ref("a", "b"): "c"})
		wantCode(t, err, "vault.nokey")
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("the keychain of this system is the person's own: its tests are the double's")
	}
	for _, tool := range []string{"gnome-keyring-daemon", "dbus-run-session", "dbus-send"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("STEPDECK_REQUIRE_TOOLS") == "1" {
				t.Fatalf("%s is missing: install gnome-keyring, dbus and dbus-daemon", tool)
			}
			t.Skipf("NOT TESTED against a real keychain: %s is missing (install gnome-keyring, dbus and dbus-daemon)", tool)
		}
	}
	script, err := filepath.Abs("testdata/with-keyring.sh")
	must(t, err)
	for _, state := range []string{"unlocked", "locked", "none"} {
		t.Run(state, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "sh", script, os.Args[0], "-test.run=^TestRealKeychain$", "-test.v")
			cmd.Env = append(os.Environ(), "KEYRING="+state, realKeychain+"="+state)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestRealKeychain") {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}
