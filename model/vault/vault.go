// Package vault stores secrets in an encrypted file in the data folder. Each secret is encrypted separately and bound to its
// owner and field, and the file as a whole is sealed, so nothing can be changed, swapped or removed unnoticed. The key is
// protected by the operating system's keychain or by a passphrase, which is decided when the file is created. A process asks
// for it once, when it first needs a secret.
package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/crypto/argon2"

	"github.com/stepdeck/stepdeck/model"
)

// FileName is the vault's name in the data folder.
const FileName = "vault"

// Options say where the vault is and how it is opened.
type Options struct {
	Dir string // the data folder, which exists

	// Passphrase returns the passphrase, or "" if none is set: see FromEnvironment. It is called at most once per attempt to
	// unlock. It may be nil.
	Passphrase func(ctx context.Context) (string, error)

	// Ask asks the person for a passphrase if Passphrase returns none: that of an existing vault, or a new one if there is no
	// keychain for a new vault. An empty answer means none. It may take as long as a person does. nil: there is no way to ask.
	Ask func(ctx context.Context, q Question) (string, error)

	// Keychain stores the key of a vault without passphrase; nil: the operating system's.
	Keychain Keychain

	// Waiting is called when the keychain takes so long that it is probably asking the person something. It may be nil.
	Waiting func()

	// MasterKey is the result of Vault.MasterKey in another process, so that the key need not be derived or asked for again.
	// It is ignored if it is of another vault.
	MasterKey []byte

	cost   argonCost // in tests
	derive derive    // in tests
}

// Question is a request for a passphrase.
type Question struct {
	New   bool // there is no vault yet: the answer will be its passphrase
	Wrong bool // the last answer was not the passphrase
}

// Vault is the vault of a data folder. It is safe for concurrent use, also by several processes.
type Vault struct {
	path     string
	options  Options
	keychain guard
	mutex    chan struct{} // a channel, so that waiting can be cancelled

	keyOf    [idSize]byte // id of the vault that key opens
	key      []byte
	givenKey []byte // Options.MasterKey
}

// Open returns the vault of a folder. It accesses no file: the vault is read when a secret is needed, and created by the
// first Put.
func Open(options Options) *Vault {
	if options.Keychain == nil {
		options.Keychain = systemKeychain{}
	}
	if options.cost == (argonCost{}) {
		options.cost = defaultCost
	}
	if options.derive == nil {
		options.derive = argon2.IDKey
	}
	return &Vault{
		path: filepath.Join(options.Dir, FileName), options: options, keychain: newGuard(options.Keychain, options.Waiting),
		mutex: make(chan struct{}, 1), givenKey: bytes.Clone(options.MasterKey),
	}
}

// Get returns a secret, or an error with [model.CodeSecretMissing].
func (v *Vault) Get(ctx context.Context, ref model.SecretRef) (secret string, err error) {
	err = v.look(ctx, func(f *file) error {
		if f == nil {
			return missing(ref)
		}
		e, ok := f.entries[ref]
		if !ok {
			return missing(ref)
		}
		key, err := v.unlock(ctx, f)
		if err != nil {
			return err
		}
		secret, err = f.open(key, ref, e)
		return err
	})
	return secret, err
}

func missing(ref model.SecretRef) error {
	return model.NewError(model.CodeSecretMissing, "The %s is not in this computer's vault. Enter it again.", ref.Field)
}

// Has reports whether there is such a secret. It doesn't unlock the vault.
func (v *Vault) Has(ctx context.Context, ref model.SecretRef) (has bool, err error) {
	err = v.look(ctx, func(f *file) error {
		if f != nil {
			_, has = f.entries[ref]
		}
		return nil
	})
	return has, err
}

// Put stores secrets, all of them or none, and creates the vault if there is none.
func (v *Vault) Put(ctx context.Context, secrets map[model.SecretRef]string) error {
	if len(secrets) == 0 {
		return nil
	}
	for ref, secret := range secrets {
		if err := checkEntry(ref, secret); err != nil {
			return err
		}
	}
	return v.change(ctx, always, func(f *file) error { return v.save(f, v.key, secrets, nil) })
}

func always(*file) bool { return true }

// Ready unlocks the vault, or creates an empty one if there is none, so that a person is asked before anything is changed.
func (v *Vault) Ready(ctx context.Context) error {
	return v.change(ctx, always, func(f *file) error {
		if f.text != nil {
			return nil
		}
		return v.save(f, v.key, nil, nil)
	})
}

// Lock forgets the key, which is asked for again when a secret is needed.
func (v *Vault) Lock(ctx context.Context) error {
	release, err := v.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	clear(v.key)
	clear(v.givenKey)
	v.key, v.givenKey = nil, nil
	return nil
}

// Delete removes secrets; missing ones are not an error. The previous generation of the file, which is encrypted too,
// contains them until the next write.
func (v *Vault) Delete(ctx context.Context, refs ...model.SecretRef) error {
	containsAny := func(f *file) bool {
		return f != nil && slices.ContainsFunc(refs, func(ref model.SecretRef) bool { _, ok := f.entries[ref]; return ok })
	}
	return v.change(ctx, containsAny, func(f *file) error { return v.save(f, v.key, nil, refs) })
}

// Refs returns the references of all secrets. It unlocks the vault to verify them.
func (v *Vault) Refs(ctx context.Context) (refs []model.SecretRef, err error) {
	err = v.look(ctx, func(f *file) error {
		if f == nil {
			return nil
		}
		if _, err := v.unlock(ctx, f); err != nil {
			return err
		}
		refs = f.refs()
		return nil
	})
	return refs, err
}

// UnverifiedRefs returns the references of all secrets without unlocking the vault. Another program may have changed them,
// so don't rely on them: Delete verifies the file before it removes anything.
func (v *Vault) UnverifiedRefs(ctx context.Context) (refs []model.SecretRef, err error) {
	if _, err := os.Lstat(v.path); errors.Is(err, os.ErrNotExist) {
		return nil, nil // look would create the lock's file
	}
	err = v.look(ctx, func(f *file) error {
		if f != nil {
			refs = f.refs()
		}
		return nil
	})
	return refs, err
}

// OpensUnasked reports whether the vault opens without asking a person: it is open, or its passphrase or key is set.
func (v *Vault) OpensUnasked(ctx context.Context) (opens bool, err error) {
	err = v.look(ctx, func(f *file) error {
		switch {
		case f == nil:
			return nil
		case v.isOpen(f) || v.givenKeyOpens(f):
			opens = true
		case f.wrapping == ByPassphrase:
			passphrase, err := v.passphrase(ctx)
			opens = passphrase != ""
			return err
		}
		return nil
	})
	return opens, err
}

// Status is what is known about a vault without unlocking it.
type Status struct {
	Path     string
	Exists   bool
	Wrapping Wrapping // of the key; empty if there is no vault
	Secrets  int      // number of secrets
	Open     bool     // the key is known: no one is asked for it
}

// Status returns the state of the vault, without unlocking it.
func (v *Vault) Status(ctx context.Context) (Status, error) {
	status := Status{Path: v.path}
	err := v.look(ctx, func(f *file) error {
		if f != nil {
			status.Exists, status.Wrapping, status.Secrets = true, f.wrapping, len(f.entries)
			status.Open = v.isOpen(f)
		}
		return nil
	})
	return status, err
}

// MasterKey returns the key to all secrets if the vault is open, otherwise nil. It is for another process that works with the
// same vault ([Options.MasterKey]), and must not be written anywhere.
func (v *Vault) MasterKey(ctx context.Context) (key []byte, err error) {
	err = v.look(ctx, func(f *file) error {
		if f != nil && v.isOpen(f) {
			key = bytes.Clone(v.key)
		}
		return nil
	})
	return key, err
}

// isOpen reports whether the key of the file is known.
func (v *Vault) isOpen(f *file) bool { return v.key != nil && v.keyOf == f.id }

// givenKeyOpens reports whether Options.MasterKey is the file's key.
func (v *Vault) givenKeyOpens(f *file) bool {
	return len(v.givenKey) == keySize && f.verify(v.givenKey) == nil
}

// look calls use with the current file, or with nil if there is none. The file's lock is released before that, because use
// may wait for a person.
func (v *Vault) look(ctx context.Context, use func(f *file) error) error {
	release, err := v.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	f, err := v.snapshot(ctx)
	if err != nil {
		return err
	}
	return use(f)
}

// change calls use with the file, or a new one if there is none, locked exclusively and with its key in v.key. If needed
// returns false it does nothing, and asks for no key.
func (v *Vault) change(ctx context.Context, needed func(f *file) bool, use func(f *file) error) (err error) {
	release, err := v.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	f, err := v.snapshot(ctx)
	if err != nil || !needed(f) {
		return err
	}
	// The key first, without the lock: a person may have to be asked for it.
	var fresh *newVault
	if f == nil {
		fresh, err = v.create(ctx)
	} else {
		_, err = v.unlock(ctx, f)
	}
	if err != nil {
		return err
	}
	defer func() {
		if fresh != nil && err != nil {
			fresh.undo()
		}
	}()
	unlockFile, err := lockFile(ctx, v.path+lockSuffix, true)
	if err != nil {
		return v.failed("lock", err)
	}
	defer func() { err = errors.Join(err, unlockFile()) }()
	if f, err = v.read(); err != nil {
		return err
	}
	switch {
	case f != nil: // another process may have created it meanwhile: only then its key is asked for again
		if fresh != nil {
			fresh.undo()
			fresh = nil
		}
		if _, err := v.unlock(ctx, f); err != nil {
			return err
		}
	case fresh == nil:
		return model.NewError("vault.vanished", "The vault %s was removed just now. Try again.", v.path)
	default:
		f = fresh.file
		v.remember(f, fresh.key)
	}
	return use(f)
}

func (v *Vault) acquire(ctx context.Context) (release func(), err error) {
	select {
	case v.mutex <- struct{}{}:
		return func() { <-v.mutex }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// snapshot reads the file under a shared lock.
func (v *Vault) snapshot(ctx context.Context) (*file, error) {
	unlockFile, err := lockFile(ctx, v.path+lockSuffix, false)
	if err != nil {
		return nil, v.failed("lock", err)
	}
	f, err := v.read()
	return f, errors.Join(err, unlockFile())
}

// read returns the file, or nil if there is none.
func (v *Vault) read() (*file, error) {
	text, err := readPrivate(v.path)
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Lstat(v.path + backupSuffix); err == nil {
			return nil, model.NewError("vault.gone",
				"The vault %[1]s is missing, but its previous state %[1]s%[2]s exists. "+
					"Rename that to get the secrets back, or remove it to start over.", v.path, backupSuffix)
		}
		return nil, nil //nolint:nilnil // a missing vault is not an error
	}
	if err != nil {
		return nil, v.failed("read", err)
	}
	f, err := decode(text)
	if err != nil {
		return nil, v.damagedBy(err)
	}
	return f, nil
}

func (v *Vault) failed(action string, err error) error {
	if model.ErrorCode(err) != "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return model.NewError("vault.failed", "Stepdeck could not %s its vault %s. The cause follows.", action, v.path).Because(err)
}

func (v *Vault) damagedBy(err error) error {
	if model.ErrorCode(err) != "" {
		return err
	}
	return model.NewError("vault.damaged",
		"The vault %s is damaged or was changed, so it is not used. Its previous state is %s%s: "+
			"replace the vault with that, or remove both and enter the secrets again.", v.path, v.path, backupSuffix).Because(err)
}

// save writes the file with some secrets added or replaced and some removed.
func (v *Vault) save(f *file, key []byte, add map[model.SecretRef]string, remove []model.SecretRef) error {
	next := f.clone()
	for ref, secret := range add {
		next.entries[ref] = next.seal(key, ref, secret)
	}
	for _, ref := range remove {
		delete(next.entries, ref)
	}
	next.generation++
	return v.write(next, key, f.text)
}

func (v *Vault) write(f *file, key, previous []byte) error {
	text := f.encode(key)
	// Check that it can be read again: a mistake here must not cost the existing secrets.
	check, err := decode(text)
	if err == nil {
		err = check.verify(key)
	}
	if err == nil {
		err = replace(v.path, text, previous)
	}
	if err != nil {
		return v.failed("write", err)
	}
	return nil
}

// newVault is a vault that has not been written yet.
type newVault struct {
	file *file
	key  []byte
	undo func() // removes what was stored outside the file
}

// create returns a new vault without secrets, locked with the passphrase if one is set, else with the keychain.
func (v *Vault) create(ctx context.Context) (*newVault, error) {
	n := &newVault{file: &file{entries: map[model.SecretRef]entry{}}, key: make([]byte, keySize)}
	random(n.file.id[:])
	random(n.key)
	var err error
	n.undo, err = v.wrapNew(ctx, n.file, n.key)
	return n, err
}

// unlock returns the key of the file, after it has verified the file with it.
func (v *Vault) unlock(ctx context.Context, f *file) ([]byte, error) {
	key := v.key
	if !v.isOpen(f) {
		if v.givenKeyOpens(f) {
			v.remember(f, bytes.Clone(v.givenKey))
			return v.key, nil
		}
		var err error
		if key, err = v.unwrap(ctx, f); err != nil {
			return nil, err
		}
	}
	if err := f.verify(key); err != nil {
		return nil, v.damagedBy(err)
	}
	v.remember(f, key)
	return key, nil
}

func (v *Vault) remember(f *file, key []byte) { v.keyOf, v.key = f.id, key }

func random(b []byte) { _, _ = rand.Read(b) } // never fails, see crypto/rand.Read
