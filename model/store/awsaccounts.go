package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

const awsAccountColumns = `id, label, colour, protected, alias, alias_asked`

func scanAWSAccount(row scanner) (a model.AWSAccount, err error) {
	err = row.Scan(&a.ID, &a.Label, &a.Colour, &a.Protected, &a.Alias, &a.AliasAsked)
	return a, err
}

// AWSAccounts returns the AWS accounts seen so far, those with labels first.
func (s *Store) AWSAccounts(ctx context.Context) (list []model.AWSAccount, err error) {
	err = s.read(ctx, "read the AWS accounts", func(q querier) error {
		list, err = all(ctx, q, scanAWSAccount, `SELECT `+awsAccountColumns+` FROM aws_accounts ORDER BY label_key IS NULL, label_key, id`)
		return err
	})
	return list, err
}

// AWSAccount returns an AWS account; for one that was never seen, only its id is set.
func (s *Store) AWSAccount(ctx context.Context, id string) (a model.AWSAccount, err error) {
	err = s.read(ctx, "read the AWS account", func(q querier) error {
		a, err = scanAWSAccount(q.QueryRowContext(ctx, `SELECT `+awsAccountColumns+` FROM aws_accounts WHERE id = ?`, id))
		if errors.Is(err, sql.ErrNoRows) {
			a, err = model.AWSAccount{ID: id}, nil
		}
		return err
	})
	return a, err
}

// SawAWSAccount records an AWS account if its id is new.
func (s *Store) SawAWSAccount(ctx context.Context, id string) error {
	if err := model.CheckAWSAccountID(id); err != nil {
		return err
	}
	return s.write(ctx, "record the AWS account", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO aws_accounts (id, seen) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, stamp(time.Now()))
		return err
	})
}

// KeepAlias keeps what AWS said when it was asked for the alias of an AWS account; empty: none.
func (s *Store) KeepAlias(ctx context.Context, id, alias string) error {
	return s.write(ctx, "keep the alias of the AWS account", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO aws_accounts (id, seen, alias, alias_asked) VALUES (?, ?, ?, 1)
			ON CONFLICT (id) DO UPDATE SET alias = excluded.alias, alias_asked = 1`, id, stamp(time.Now()), alias)
		return err
	})
}

// SaveAWSAccount sets label, colour and protection of an AWS account, whether it was seen before or not.
func (s *Store) SaveAWSAccount(ctx context.Context, a model.AWSAccount) error {
	if err := model.Problems("AWS account "+a.ID, a.Check()); err != nil {
		return err
	}
	a.ID, a.Label = strings.TrimSpace(a.ID), strings.TrimSpace(a.Label)
	return s.write(ctx, "save the AWS account", func(tx *sql.Tx) error {
		var other string
		err := tx.QueryRowContext(ctx, `SELECT id FROM aws_accounts WHERE label_key = ? AND id <> ?`, model.NameKey(a.Label), a.ID).Scan(&other)
		if err == nil {
			return model.NewError(model.CodeAWSLabelTaken, "AWS account %s already has the label %q. Choose another one.", other, a.Label)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO aws_accounts (id, label, label_key, colour, protected, seen) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET label = excluded.label, label_key = excluded.label_key, colour = excluded.colour,
			protected = excluded.protected`,
			a.ID, a.Label, orNull(model.NameKey(a.Label)), a.Colour, a.Protected, stamp(time.Now()))
		return err
	})
}
