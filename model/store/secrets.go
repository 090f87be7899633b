package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// A secret has two references: its owner and field, by which all other code refers to it, and its entry in the vault.
// This file maps the former to the latter; the column "place" of the table secrets holds the entry.

// NewVaultEntry returns a reference to an entry of the vault that is not used yet.
func NewVaultEntry(field string) model.SecretRef {
	return model.SecretRef{Owner: newID(), Field: field}
}

// VaultEntry returns the entry of the vault that holds a secret.
func (s *Store) VaultEntry(ctx context.Context, of model.SecretRef) (entry model.SecretRef, err error) {
	err = s.read(ctx, "look for the secret", func(q querier) error {
		entry, err = entryOf(ctx, q, of)
		return err
	})
	return entry, err
}

func entryOf(ctx context.Context, q querier, of model.SecretRef) (model.SecretRef, error) {
	entry := of
	err := q.QueryRowContext(ctx, `SELECT place FROM secrets WHERE owner = ? AND field = ?`, of.Owner, of.Field).Scan(&entry.Owner)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return of, err
	}
	return entry, nil
}

// SetSecret makes an entry of the vault the secret of an account, variable or sign-in, which must exist by now. Its
// previous entry is added to Gone.
func (c *Change) SetSecret(ctx context.Context, of, entry model.SecretRef) error {
	flag, ok := map[string]string{
		model.SecretKeyField:    `UPDATE accounts SET secret_set = 1 WHERE id = ? AND kind <> 'instance-role'`,
		model.SessionTokenField: `UPDATE accounts SET token_set = 1 WHERE id = ? AND kind <> 'instance-role'`,
		model.ValueField:        `UPDATE variables SET value_set = 1 WHERE id = ? AND type = 'sensitive'`,
		// These two have no column that says whether they are there: the row alone must exist.
		model.KeptKeysField: `UPDATE accounts SET name = name WHERE id = ? AND kind <> 'instance-role'`,
		model.TokensField:   `UPDATE sign_ins SET key = key WHERE id = ?`,
	}[of.Field]
	if !ok {
		return errors.New("no field is called " + of.Field)
	}
	result, err := c.tx.ExecContext(ctx, flag, of.Owner)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err,
			model.NewError("secret.owner", "What the secret belongs to no longer exists. Nothing was saved. Try again."))
	}
	before, err := entryOf(ctx, c.tx, of)
	if err != nil {
		return err
	}
	if before != entry {
		c.Gone = append(c.Gone, before)
	}
	_, err = c.tx.ExecContext(ctx,
		`INSERT INTO secrets (owner, field, place) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET place = excluded.place`,
		of.Owner, of.Field, entry.Owner)
	return err
}

// dropSecret records that a secret no longer has an owner.
func (c *Change) dropSecret(ctx context.Context, of model.SecretRef) error {
	entry, err := entryOf(ctx, c.tx, of)
	if err != nil {
		return err
	}
	c.Gone = append(c.Gone, entry)
	_, err = c.tx.ExecContext(ctx, `DELETE FROM secrets WHERE owner = ? AND field = ?`, of.Owner, of.Field)
	return err
}

// DeleteSecret records that a secret no longer has an owner, if it has one. It returns the entries to delete from the vault.
func (s *Store) DeleteSecret(ctx context.Context, of model.SecretRef) (entries []model.SecretRef, err error) {
	err = s.Change(ctx, "forget the secret", func(c *Change) error {
		entry, err := entryOf(ctx, c.tx, of)
		if err != nil || entry == of { // it was never stored
			return err
		}
		defer func() { entries = c.Gone }()
		return c.dropSecret(ctx, of)
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// SecretRefs returns every entry of the vault that may hold the secret of a configured thing. Anything else in the
// vault is orphaned, unless a process is about to save its owner: see OwnSecrets.
func (s *Store) SecretRefs(ctx context.Context) (list []model.SecretRef, err error) {
	err = s.read(ctx, "read what has secrets", func(q querier) error {
		list, err = all(ctx, q, func(row scanner) (ref model.SecretRef, err error) {
			err = row.Scan(&ref.Owner, &ref.Field)
			return ref, err
		}, `SELECT coalesce(place, id), of.field FROM (
			SELECT id, column1 AS field FROM accounts, (VALUES (?1), (?2), (?6)) WHERE kind <> ?4
			UNION ALL SELECT id, ?3 FROM variables WHERE type = ?5
			UNION ALL SELECT id, ?7 FROM sign_ins
		) of LEFT JOIN secrets s ON s.owner = of.id AND s.field = of.field`,
			model.SecretKeyField, model.SessionTokenField, model.ValueField, model.KindInstanceRole, model.TypeSensitive,
			model.KeptKeysField, model.TokensField)
		return err
	})
	return list, err
}

const secretsLocked = "secrets.lock"

// How long a save waits for another process that removes orphaned secrets.
const secretsPatience = time.Minute

// HoldSecrets keeps all processes from treating secrets sealed from now on as orphaned, until release is called or the
// process dies. Any number of processes can hold it.
func (s *Store) HoldSecrets(ctx context.Context) (release func() error, err error) {
	lock, err := openLock(filepath.Join(s.dir, lockFolder, secretsLocked))
	if err != nil {
		return nil, failed("lock the secrets", err)
	}
	got, err := poll(ctx, secretsPatience, lock.tryShared)
	if err == nil && !got {
		err = model.NewError("store.secrets.busy", "Another Stepdeck is using the vault and doesn't finish. Close it and try again.")
	}
	if err != nil {
		return nil, errors.Join(failed("lock the secrets", err), lock.unlock())
	}
	return lock.unlock, nil
}

// OwnSecrets gives the exclusive right to remove orphaned secrets: no process is between sealing a secret and saving
// its owner. release is nil if one is; then nothing can be removed now.
func (s *Store) OwnSecrets() (release func() error, err error) {
	lock, err := openLock(filepath.Join(s.dir, lockFolder, secretsLocked))
	if err != nil {
		return nil, failed("lock the secrets", err)
	}
	got, err := lock.tryExclusive()
	if err != nil || !got {
		return nil, errors.Join(failed("lock the secrets", err), lock.unlock())
	}
	return lock.unlock, nil
}
