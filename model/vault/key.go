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

// service is how the keychain calls us; what is kept there goes by the vault's random id.
const service = "Stepdeck"

// argonCost is the price of one guess at a passphrase.
type argonCost struct {
	rounds  uint32
	memory  uint32 // KiB
	threads uint8
}

// derive makes a key of a passphrase, at a price: argon2.IDKey.
type derive func(passphrase, salt []byte, rounds, memory uint32, threads uint8, size uint32) []byte

// usualCost takes about 0.3 s and 64 MiB.
var usualCost = argonCost{rounds: 3, memory: 64 << 10, threads: 4}

// A file that asks for more than this is not ours: it wants to keep the computer busy.
var highestCost = argonCost{rounds: 32, memory: 1 << 20, threads: 64}

func (c argonCost) sane() bool {
	return c.rounds > 0 && c.memory > 0 && c.threads > 0 && c.rounds <= highestCost.rounds && c.memory <= highestCost.memory && c.threads <= highestCost.threads
}

// wrapNew chooses what wraps the key of a new vault, for good, and wraps it: the passphrase where one is given, else the
// keychain. undo takes back what was left outside the file.
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
		return nil, model.NewError("vault.nokey", "There is nothing to lock the vault with: this system's keychain did not take its key, and no passphrase is given. Unlock or start the keychain, or set STEPDECK_PASSPHRASE or STEPDECK_PASSPHRASE_FILE.").Because(err)
	}
	f.wrap(outer, key)
	return func() { v.keychain.forget(context.WithoutCancel(ctx), item) }, nil
}

func (v *Vault) wrapByPassphrase(f *file, passphrase string, key []byte) {
	f.wrapping, f.cost = ByPassphrase, v.options.cost
	random(f.salt[:])
	f.wrap(v.stretch(f, passphrase), key)
}

// ask gives what the person answers, "" where nobody can be asked.
func (v *Vault) ask(ctx context.Context, q Question) (string, error) {
	if v.options.Ask == nil {
		return "", nil
	}
	return v.options.Ask(ctx, q)
}

func (f *file) wrap(outer, key []byte) {
	f.wrapped = sealed(outer, f.purpose("key", string(f.head())), key)
}

// unwrap asks the keychain or the passphrase for the key of a vault.
func (v *Vault) unwrap(ctx context.Context, f *file) ([]byte, error) {
	if f.wrapping == ByPassphrase {
		return v.unwrapByPassphrase(ctx, f)
	}
	text, err := v.keychain.get(ctx, hex.EncodeToString(f.id[:]))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrNoItem):
		return nil, model.NewError("vault.key.missing", "The key of the vault %s is not in this system's keychain: it belongs to another user or computer, or was removed there. Get it back, or move the vault and %s%s away and enter the secrets again.", v.path, v.path, backupSuffix).Because(err)
	case err != nil:
		return nil, model.NewError("vault.keychain", "The key of the vault is kept in this system's keychain, which did not give it. Unlock or start the keychain and try again.").Because(err)
	}
	outer, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(outer) != keySize {
		return nil, model.NewError("vault.key.wrong", "What the keychain keeps under %q is not the key of this vault. Was it changed there?", service)
	}
	key, err := opened(outer, f.purpose("key", string(f.head())), f.wrapped)
	if err != nil {
		return nil, model.NewError("vault.key.wrong", "What the keychain keeps under %q is not the key of this vault. Was it changed there?", service).Because(err)
	}
	return key, nil
}

func (v *Vault) unwrapByPassphrase(ctx context.Context, f *file) ([]byte, error) {
	if !f.cost.sane() {
		return nil, v.damagedBy(errors.New("its passphrase costs too much"))
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
			return nil, model.NewError("vault.passphrase.missing", "The vault is locked with a passphrase, and none is given. Set STEPDECK_PASSPHRASE, or STEPDECK_PASSPHRASE_FILE to the file that holds it.")
		}
		key, err := opened(v.stretch(f, passphrase), f.purpose("key", string(f.head())), f.wrapped)
		if err == nil {
			return key, nil
		}
		if v.options.Ask == nil || passphrase == "" {
			return nil, model.NewError("vault.passphrase.wrong", "This is not the passphrase of the vault. Try again; upper and lower case and spaces matter.")
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

// stretch makes a key of a passphrase. The same characters count as the same, however a keyboard composes them.
func (v *Vault) stretch(f *file, passphrase string) []byte {
	return v.options.derive(norm.NFC.Bytes([]byte(passphrase)), f.salt[:], f.cost.rounds, f.cost.memory, f.cost.threads, keySize)
}

// Variables of the environment that give the passphrase.
const (
	passphraseVariable     = "STEPDECK_PASSPHRASE"      //nolint:gosec // a name
	passphraseFileVariable = "STEPDECK_PASSPHRASE_FILE" //nolint:gosec // a name
)

// FromEnvironment gives the passphrase from STEPDECK_PASSPHRASE or from the file that STEPDECK_PASSPHRASE_FILE names, whose
// line end is not part of it; "" where neither is set. getenv is os.Getenv, read is os.ReadFile.
func FromEnvironment(getenv func(string) string, read func(string) ([]byte, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		passphrase, path := getenv(passphraseVariable), getenv(passphraseFileVariable)
		switch {
		case path == "":
			return model.DecodeSecret([]byte(passphrase), "The value of "+passphraseVariable)
		case passphrase != "":
			return "", model.NewError("vault.passphrase.twice", "Both %s and %s are set. Take one of them out.", passphraseVariable, passphraseFileVariable)
		}
		text, err := untilEnd(ctx, func() ([]byte, error) { return read(path) })
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
			return "", model.NewError("vault.passphrase.file", "The file %s of %s must hold the passphrase in one line.", path, passphraseFileVariable)
		}
		return passphrase, nil
	}
}

// untilEnd waits for do until ctx ends. The file may be a pipe whose other end asks a person.
func untilEnd(ctx context.Context, do func() ([]byte, error)) ([]byte, error) {
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
