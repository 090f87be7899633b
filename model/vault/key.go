package vault

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/stepdeck/stepdeck/model"
)

// service is Stepdeck's name in the keychain. The items are named by the vault's random id.
const service = "Stepdeck"

// argonCost is the cost of one guess at a passphrase.
type argonCost struct {
	rounds  uint32
	memory  uint32 // KiB
	threads uint8
}

// derive derives a key from a passphrase, as argon2.IDKey does.
type derive func(passphrase, salt []byte, rounds, memory uint32, threads uint8, size uint32) []byte

// defaultCost needs about 0.3 s and 64 MiB.
var defaultCost = argonCost{rounds: 3, memory: 64 << 10, threads: 4}

// maxCost is the limit for a file that is read: one with a higher cost was made to keep the computer busy.
var maxCost = argonCost{rounds: 32, memory: 1 << 20, threads: 64}

func (c argonCost) sane() bool {
	return c.rounds > 0 && c.memory > 0 && c.threads > 0 &&
		c.rounds <= maxCost.rounds && c.memory <= maxCost.memory && c.threads <= maxCost.threads
}

// wrapNew encrypts the key of a new vault, with the passphrase if one is set, else with the keychain. The choice is
// permanent. undo removes what was stored outside the file.
func (v *Vault) wrapNew(ctx context.Context, f *file, key []byte) (undo func(), err error) {
	passphrase, err := v.passphrase(ctx)
	if err != nil {
		return nil, err
	}
	if passphrase != "" {
		v.wrapByPassphrase(f, passphrase, key)
		return func() {}, nil
	}
	f.wrapping = ByKeychain
	outer := make([]byte, keySize)
	random(outer)
	item := hex.EncodeToString(f.id[:])
	if err := v.keychain.keep(ctx, item, base64.StdEncoding.EncodeToString(outer)); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		answer, failed := v.ask(ctx, Question{New: true})
		if failed != nil {
			return nil, failed
		}
		if answer != "" {
			v.wrapByPassphrase(f, answer, key)
			return func() {}, nil
		}
		return nil, model.NewError("vault.nokey",
			"The vault can't be locked: this system's keychain did not store its key, and no passphrase is set. "+
				"Unlock or start the keychain, or set STEPDECK_PASSPHRASE or STEPDECK_PASSPHRASE_FILE.").Because(err)
	}
	f.wrap(outer, key)
	return func() { v.keychain.forget(context.WithoutCancel(ctx), item) }, nil
}

func (v *Vault) wrapByPassphrase(f *file, passphrase string, key []byte) {
	f.wrapping, f.cost = ByPassphrase, v.options.cost
	random(f.salt[:])
	f.wrap(v.stretch(f, passphrase), key)
}

// ask returns the person's answer, or "" if there is no way to ask.
func (v *Vault) ask(ctx context.Context, q Question) (string, error) {
	if v.options.Ask == nil {
		return "", nil
	}
	return v.options.Ask(ctx, q)
}

func (f *file) wrap(outer, key []byte) {
	f.wrapped = encrypt(outer, f.purpose("key", string(f.head())), key)
}

// unwrap decrypts the key of a vault, with the keychain or the passphrase.
func (v *Vault) unwrap(ctx context.Context, f *file) ([]byte, error) {
	if f.wrapping == ByPassphrase {
		return v.unwrapByPassphrase(ctx, f)
	}
	text, err := v.keychain.get(ctx, hex.EncodeToString(f.id[:]))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrNoItem):
		return nil, model.NewError("vault.key.missing",
			"The key of the vault %s is not in this system's keychain: it belongs to another user or computer, or was removed there. "+
				"Restore it, or move the vault and %s%s away and enter the secrets again.", v.path, v.path, backupSuffix).Because(err)
	case err != nil:
		return nil, model.NewError("vault.keychain",
			"The key of the vault can't be read from this system's keychain. Unlock or start the keychain and try again.").Because(err)
	}
	wrong := model.NewError("vault.key.wrong",
		"The keychain's item %q is not the key of this vault. It may have been changed there.", service)
	outer, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(outer) != keySize {
		return nil, wrong
	}
	key, err := decrypt(outer, f.purpose("key", string(f.head())), f.wrapped)
	if err != nil {
		return nil, wrong.Because(err)
	}
	return key, nil
}

func (v *Vault) unwrapByPassphrase(ctx context.Context, f *file) ([]byte, error) {
	if !f.cost.sane() {
		return nil, v.damagedBy(errors.New("the cost of its passphrase is too high"))
	}
	passphrase, err := v.passphrase(ctx)
	if err != nil {
		return nil, err
	}
	for wrong := false; ; wrong = true {
		if passphrase == "" {
			if passphrase, err = v.ask(ctx, Question{Wrong: wrong}); err != nil {
				return nil, err
			}
		}
		if passphrase == "" && !wrong {
			return nil, model.NewError(model.CodePassphraseMissing,
				"The vault is locked with a passphrase, and none was entered or set. "+
					"Set STEPDECK_PASSPHRASE, or set STEPDECK_PASSPHRASE_FILE to the file that contains it.")
		}
		key, err := decrypt(v.stretch(f, passphrase), f.purpose("key", string(f.head())), f.wrapped)
		if err == nil {
			return key, nil
		}
		if v.options.Ask == nil || passphrase == "" {
			return nil, model.NewError("vault.passphrase.wrong",
				"This is not the passphrase of the vault. Try again; upper and lower case and spaces matter.")
		}
		passphrase = ""
	}
}

func (v *Vault) passphrase(ctx context.Context) (string, error) {
	if v.options.Passphrase == nil {
		return "", nil
	}
	return v.options.Passphrase(ctx)
}

// stretch derives a key from a passphrase. It normalizes Unicode, because keyboards compose the same characters differently.
func (v *Vault) stretch(f *file, passphrase string) []byte {
	return v.options.derive(norm.NFC.Bytes([]byte(passphrase)), f.salt[:], f.cost.rounds, f.cost.memory, f.cost.threads, keySize)
}

// Environment variables with the passphrase.
const (
	passphraseVariable     = model.PassphraseVariable
	passphraseFileVariable = "STEPDECK_PASSPHRASE_FILE" //nolint:gosec // a name
)

// FromEnvironment returns a function for [Options.Passphrase] that reads STEPDECK_PASSPHRASE, or the file that
// STEPDECK_PASSPHRASE_FILE names, without its line end; "" if neither is set. getenv is like os.Getenv, read like os.ReadFile.
func FromEnvironment(getenv func(string) string, read func(string) ([]byte, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		passphrase, path := getenv(passphraseVariable), getenv(passphraseFileVariable)
		switch {
		case path == "":
			return model.DecodeSecret([]byte(passphrase), "The value of "+passphraseVariable)
		case passphrase != "":
			return "", model.NewError("vault.passphrase.twice",
				"Both %s and %s are set. Unset one of them.", passphraseVariable, passphraseFileVariable)
		}
		text, err := waitFor(ctx, func() ([]byte, error) { return read(path) })
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if err != nil {
			return "", model.NewError("vault.passphrase.file", "The file %s of %s can't be read.", path, passphraseFileVariable).Because(err)
		}
		passphrase, err = model.DecodeSecret(text, fmt.Sprintf("The file %s of %s", path, passphraseFileVariable))
		if err != nil {
			return "", err
		}
		passphrase = strings.TrimSuffix(strings.TrimSuffix(passphrase, "\n"), "\r")
		if passphrase == "" || strings.Contains(passphrase, "\n") {
			return "", model.NewError("vault.passphrase.file",
				"The file %s of %s must contain the passphrase on a single line.", path, passphraseFileVariable)
		}
		return passphrase, nil
	}
}

// waitFor waits for do, or until ctx ends: the file may be a pipe whose other end asks a person.
func waitFor(ctx context.Context, do func() ([]byte, error)) ([]byte, error) {
	type answer struct {
		data []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		data, err := do()
		answers <- answer{data, err}
	}()
	select {
	case a := <-answers:
		return a.data, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
