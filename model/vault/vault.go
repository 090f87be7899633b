// Package vault keeps secrets in one sealed file of the data folder. Each secret is sealed by itself and bound to its owner
// and field; all of them together are sealed once more, so nothing can be changed, swapped or left out unnoticed. The key
// to them is wrapped by an item of the operating system's keychain or by a passphrase: which of the two is fixed when the
// file is made. It is asked for when a secret is first needed, and once in the life of a process.
package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/crypto/argon2"

	"github.com/stepdeck/stepdeck/model"
)

// FileName is the vault's name in the data folder.
const FileName = "vault"

// Options says where the vault is and what can open it.
type Options struct {
	Dir string // the data folder, which exists

	// Passphrase gives the passphrase, or "" where there is none: see FromEnvironment. It is called at most once for each
	// attempt to unlock; nil: none.
	Passphrase func(ctx context.Context) (string, error)

	// Ask asks the person for a passphrase where Passphrase gives none: that of a vault that has one, and a new one where
	// there is no keychain to lock a new vault with. An empty answer is none. It may take as long as a person does; nil:
	// nobody can be asked.
	Ask func(ctx context.Context, q Question) (string, error)

	// Keychain keeps the key of a vault without passphrase; nil: the operating system's.
	Keychain Keychain

	// Waiting is called when the keychain takes so long that it probably asks the person something; nil: nobody is told.
	Waiting func()

	// MasterKey is what another process's Vault.MasterKey gave: it saves the costly or asking way to the same key. One of
	// another vault is not used.
	MasterKey []byte

	cost   argonCost // in tests
	derive derive    // in tests
}

// Question is what the person is asked.
type Question struct {
	New   bool // there is no vault yet: the answer will lock it
	Wrong bool // the last answer was not the passphrase
}

// Vault is the secrets of a data folder. Its methods may be called from any goroutine, and by any number of processes.
type Vault struct {
	path     string
	options  Options
	keychain guard
	turn     chan struct{} // one at a time; a channel, so that waiting can be given up

	keyOf    [idSize]byte // the vault that key opens
	key      []byte
	handedIn []byte
}

// Open gives the vault of a folder. It touches nothing: a vault is read when a secret is needed and made by the first Put.
func Open(options Options) *Vault {
	if options.Keychain == nil {
		options.Keychain = systemKeychain{}
	}
	if options.cost == (argonCost{}) {
		options.cost = usualCost
	}
	if options.derive == nil {
		options.derive = argon2.IDKey
	}
	return &Vault{
		path: filepath.Join(options.Dir, FileName), options: options, keychain: newGuard(options.Keychain, options.Waiting),
		turn: make(chan struct{}, 1), handedIn: bytes.Clone(options.MasterKey),
	}
}

// Get returns a secret. One that is missing is an error with [model.CodeSecretMissing].
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
	return model.NewError(model.CodeSecretMissing, "This computer's vault has no %s for this. Enter it again.", ref.Field)
}

// Has reports whether there is such a secret, without opening it.
func (v *Vault) Has(ctx context.Context, ref model.SecretRef) (has bool, err error) {
	err = v.look(ctx, func(f *file) error {
		if f != nil {
			_, has = f.entries[ref]
		}
		return nil
	})
	return has, err
}

// Put keeps secrets, all of them or none, and makes the vault where there is none.
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

// Ready opens the vault, and makes an empty one where there is none, so that whatever asks the person something asks before
// anything else is changed.
func (v *Vault) Ready(ctx context.Context) error {
	return v.change(ctx, always, func(f *file) error {
		if f.text != nil {
			return nil
		}
		return v.save(f, v.key, nil, nil)
	})
}

// Lock forgets the key: the next secret that is needed asks for it again.
func (v *Vault) Lock(ctx context.Context) error {
	release, err := v.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer release()
	clear(v.key)
	clear(v.handedIn)
	v.key, v.handedIn = nil, nil
	return nil
}

// Delete removes secrets; those that are not there are no error. The previous generation of the file, sealed too, holds
// them until the next write.
func (v *Vault) Delete(ctx context.Context, refs ...model.SecretRef) error {
	anyThere := func(f *file) bool {
		for _, ref := range refs {
			if _, there := f.entries[ref]; there {
				return true
			}
		}
		return false
	}
	return v.change(ctx, func(f *file) bool { return f != nil && anyThere(f) }, func(f *file) error { return v.save(f, v.key, nil, refs) })
}

// Refs names all secrets.
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

// Places names all secrets as the file has them, without opening it: somebody may have changed it. Nothing that is removed
// by it goes before the key has proved the file.
func (v *Vault) Places(ctx context.Context) (refs []model.SecretRef, err error) {
	if _, err := os.Lstat(v.path); errors.Is(err, os.ErrNotExist) {
		return nil, nil // a look would leave a lock's file
	}
	err = v.look(ctx, func(f *file) error {
		if f != nil {
			refs = f.refs()
		}
		return nil
	})
	return refs, err
}

// OpensUnasked reports whether the vault opens without anybody being asked: it is open, or a passphrase is given.
func (v *Vault) OpensUnasked(ctx context.Context) (opens bool, err error) {
	err = v.look(ctx, func(f *file) error {
		switch {
		case f == nil:
			return nil
		case v.isOpen(f) || v.opensByHandedIn(f):
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

// Status is what can be told of a vault without opening it.
type Status struct {
	Path     string
	Exists   bool
	Wrapping Wrapping // of the key; empty where there is no vault
	Secrets  int
	Open     bool // nobody has to be asked before a secret is given
}

// Status tells of the vault without opening it.
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

// MasterKey gives the key to all secrets where the vault is open, for a process that is to work with the same vault without
// opening it again (Options.MasterKey); nil where it is not open. It must not be written anywhere.
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

// opensByHandedIn reports whether the key that was handed in is the file's.
func (v *Vault) opensByHandedIn(f *file) bool {
	return len(v.handedIn) == keySize && f.verify(v.handedIn) == nil
}

// look hands the file over as it is now, nil where there is none. Its lock is let go before: what follows may wait for a
// person.
func (v *Vault) look(ctx context.Context, use func(f *file) error) error {
	release, err := v.takeTurn(ctx)
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

// change hands the file over, with its key at hand in v.key and nobody else at it; a new one where there is none yet. Where
// nothing is needed, nobody is asked for a key.
func (v *Vault) change(ctx context.Context, needed func(f *file) bool, use func(f *file) error) (err error) {
	release, err := v.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer release()
	f, err := v.snapshot(ctx)
	if err != nil || !needed(f) {
		return err
	}
	// The key first, without the lock: that may take a person's time.
	var fresh *newVault
	if f == nil {
		fresh, err = v.begin(ctx)
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
	letGo, err := lockFile(ctx, v.path+lockSuffix, true)
	if err != nil {
		return v.failed("lock", err)
	}
	defer func() { err = errors.Join(err, letGo()) }()
	if f, err = v.read(); err != nil {
		return err
	}
	switch {
	case f != nil: // it may be another one now, made by somebody else meanwhile: only then somebody is asked again
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

func (v *Vault) takeTurn(ctx context.Context) (release func(), err error) {
	select {
	case v.turn <- struct{}{}:
		return func() { <-v.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// snapshot reads the file while nobody writes it.
func (v *Vault) snapshot(ctx context.Context) (*file, error) {
	letGo, err := lockFile(ctx, v.path+lockSuffix, false)
	if err != nil {
		return nil, v.failed("lock", err)
	}
	f, err := v.read()
	return f, errors.Join(err, letGo())
}

// read gives the file, nil where there is none.
func (v *Vault) read() (*file, error) {
	text, err := readPrivate(v.path)
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Lstat(v.path + backupSuffix); err == nil {
			return nil, model.NewError("vault.gone", "The vault %[1]s is gone, but its previous state %[1]s%[2]s is there. Rename that to get the secrets back, or remove it to begin anew.", v.path, backupSuffix)
		}
		return nil, nil //nolint:nilnil // no vault is no failure, and there is nothing to give
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

func (v *Vault) failed(what string, err error) error {
	var told *model.Error
	if errors.As(err, &told) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return model.NewError("vault.failed", "Stepdeck could not %s its vault %s. The cause follows.", what, v.path).Because(err)
}

func (v *Vault) damagedBy(err error) error {
	var told *model.Error
	if errors.As(err, &told) {
		return err
	}
	return model.NewError("vault.damaged", "The vault %s is damaged or was changed, so none of it is used. Its previous state is %s%s: put that in its place, or remove both and enter the secrets again.", v.path, v.path, backupSuffix).Because(err)
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
	// What was written is what will be read: a mistake must not cost the secrets that are there.
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

// newVault is a vault that is not written yet.
type newVault struct {
	file *file
	key  []byte
	undo func() // takes back what was left outside the file
}

// begin makes a vault without secrets, locked for good by the passphrase where there is one, else by the keychain.
func (v *Vault) begin(ctx context.Context) (*newVault, error) {
	n := &newVault{file: &file{entries: map[model.SecretRef]entry{}}, key: make([]byte, keySize)}
	random(n.file.id[:])
	random(n.key)
	var err error
	n.undo, err = v.wrapNew(ctx, n.file, n.key)
	return n, err
}

// unlock gives the key of the file, checked against all of it.
func (v *Vault) unlock(ctx context.Context, f *file) ([]byte, error) {
	key := v.key
	if !v.isOpen(f) {
		if v.opensByHandedIn(f) {
			v.remember(f, bytes.Clone(v.handedIn))
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

func random(b []byte) { _, _ = rand.Read(b) } // never fails. Source: crypto/rand.Read
