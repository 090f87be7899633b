package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// A secret has two names: that of its owner's field, by which everybody asks for it, and that of its place in the vault.
// This file knows which place is whose.

// NewSecretPlace names a place in the vault that nothing lies in yet.
func NewSecretPlace(field string) model.SecretRef {
	return model.SecretRef{Owner: newID(), Field: field}
}

// SecretPlace says where in the vault a secret lies.
func (s *Store) SecretPlace(ctx context.Context, of model.SecretRef) (place model.SecretRef, err error) {
	err = s.read(ctx, "look for the secret", func(q querier) error {
		place, err = placeOf(ctx, q, of)
		return err
	})
	return place, err
}

func placeOf(ctx context.Context, q querier, of model.SecretRef) (model.SecretRef, error) {
	place := of
	err := q.QueryRowContext(ctx, `SELECT place FROM secrets WHERE owner = ? AND field = ?`, of.Owner, of.Field).Scan(&place.Owner)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return of, err
	}
	return place, nil
}

// SetSecret makes what lies in a place of the vault the secret of an account or variable, which has to exist by now. What
// it was before is among Gone.
func (c *Change) SetSecret(ctx context.Context, of, place model.SecretRef) error {
	flag, known := map[string]string{
		model.SecretKeyField:    `UPDATE accounts SET secret_set = 1 WHERE id = ? AND kind <> 'instance-role'`,
		model.SessionTokenField: `UPDATE accounts SET token_set = 1 WHERE id = ? AND kind <> 'instance-role'`,
		model.ValueField:        `UPDATE variables SET value_set = 1 WHERE id = ? AND type = 'sensitive'`,
	}[of.Field]
	if !known {
		return errors.New("no thing has a secret " + of.Field)
	}
	result, err := c.tx.ExecContext(ctx, flag, of.Owner)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, model.NewError("secret.owner", "What the secret belongs to is not there any more. Nothing was saved: try again."))
	}
	before, err := placeOf(ctx, c.tx, of)
	if err != nil {
		return err
	}
	if before != place {
		c.Gone = append(c.Gone, before)
	}
	_, err = c.tx.ExecContext(ctx, `INSERT INTO secrets (owner, field, place) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET place = excluded.place`,
		of.Owner, of.Field, place.Owner)
	return err
}

// dropSecret notes that a secret has no owner any more.
func (c *Change) dropSecret(ctx context.Context, of model.SecretRef) error {
	place, err := placeOf(ctx, c.tx, of)
	if err != nil {
		return err
	}
	c.Gone = append(c.Gone, place)
	_, err = c.tx.ExecContext(ctx, `DELETE FROM secrets WHERE owner = ? AND field = ?`, of.Owner, of.Field)
	return err
}

// SecretRefs names every place of the vault that the secret of a configured thing may lie in. What else lies in the vault
// belongs to nobody, unless somebody is about to save its owner: see OwnSecrets.
func (s *Store) SecretRefs(ctx context.Context) (list []model.SecretRef, err error) {
	err = s.read(ctx, "read what has secrets", func(q querier) error {
		list, err = all(ctx, q, func(row scanner) (ref model.SecretRef, err error) {
			err = row.Scan(&ref.Owner, &ref.Field)
			return ref, err
		}, `SELECT coalesce(place, id), of.field FROM (
			SELECT id, column1 AS field FROM accounts, (VALUES (?1), (?2)) WHERE kind <> ?4
			UNION ALL SELECT id, ?3 FROM variables WHERE type = ?5
		) of LEFT JOIN secrets s ON s.owner = of.id AND s.field = of.field`,
			model.SecretKeyField, model.SessionTokenField, model.ValueField, model.KindInstanceRole, model.TypeSensitive)
		return err
	})
	return list, err
}

const secretsLocked = "secrets.lock"

// How long a save waits for another process that clears the vault of what belongs to nobody.
const secretsPatience = time.Minute

// HoldSecrets keeps everybody from taking for nobody's what is sealed from now on, until release is called or the process
// dies. Any number of processes can hold.
func (s *Store) HoldSecrets(ctx context.Context) (release func() error, err error) {
	lock, err := openLock(filepath.Join(s.dir, lockFolder, secretsLocked))
	if err != nil {
		return nil, failed("lock the secrets", err)
	}
	got, err := keepTrying(ctx, secretsPatience, lock.tryShared)
	if err == nil && !got {
		err = model.NewError("store.secrets.busy", "Another Stepdeck is at work on the vault and does not end. End it and try again.")
	}
	if err != nil {
		return nil, errors.Join(failed("lock the secrets", err), lock.unlock())
	}
	return lock.unlock, nil
}

// OwnSecrets gives the right to remove what belongs to nobody, while no process is between sealing a secret and saving its
// owner. Release is nil where one is: then there is nothing to be done now.
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
