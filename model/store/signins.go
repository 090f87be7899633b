package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/stepdeck/stepdeck/model"
)

func signInColumns() columns[model.SignIn] {
	return columns[model.SignIn]{
		{"key", func(s *model.SignIn) any { return &s.Key }},
		{"kind", func(s *model.SignIn) any { return &s.Kind }},
		{"name", func(s *model.SignIn) any { return &s.Name }},
		{"region", func(s *model.SignIn) any { return &s.Region }},
		{"endpoint", func(s *model.SignIn) any { return &s.Endpoint }},
		{"who", func(s *model.SignIn) any { return &s.Who }},
		{"at", func(s *model.SignIn) any { return timeColumn{&s.At} }},
		{"ends", func(s *model.SignIn) any { return timeColumn{&s.Ends} }},
	}
}

func scanSignIn(row scanner) (s model.SignIn, err error) {
	err = row.Scan(append([]any{&s.ID}, signInColumns().values(&s)...)...)
	return s, err
}

func signInQuery(rest string) string {
	return `SELECT id, ` + signInColumns().names() + ` FROM sign_ins ` + rest
}

// SignIns returns the sign-ins of this computer, by name.
func (s *Store) SignIns(ctx context.Context) (list []model.SignIn, err error) {
	err = s.read(ctx, "read the sign-ins", func(q querier) error {
		list, err = all(ctx, q, scanSignIn, signInQuery(`ORDER BY name, id`))
		return err
	})
	return list, err
}

// SignIn returns the sign-in with that key; found is false if nobody has signed in.
func (s *Store) SignIn(ctx context.Context, key string) (signIn model.SignIn, found bool, err error) {
	err = s.read(ctx, "read the sign-in", func(q querier) error {
		signIn, err = scanSignIn(q.QueryRowContext(ctx, signInQuery(`WHERE key = ?`), key))
		if found = err == nil; errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return signIn, found, err
}

// SaveSignIn saves a sign-in in place of the one with its key, and sets its id.
func (c *Change) SaveSignIn(ctx context.Context, s *model.SignIn) error {
	err := c.tx.QueryRowContext(ctx, `SELECT id FROM sign_ins WHERE key = ?`, s.Key).Scan(&s.ID)
	if errors.Is(err, sql.ErrNoRows) {
		s.ID, err = newID(), nil
	}
	if err != nil {
		return err
	}
	columns := signInColumns()
	_, err = c.tx.ExecContext(ctx, columns.upsert("sign_ins"), append([]any{s.ID}, columns.values(s)...)...)
	return err
}

// DeleteSignIn removes the sign-in with that key, if there is one. It returns the secrets to delete from the vault.
func (s *Store) DeleteSignIn(ctx context.Context, key string) (secrets []model.SecretRef, err error) {
	err = s.Change(ctx, "delete the sign-in", func(c *Change) error {
		defer func() { secrets = c.Gone }()
		return c.deleteSignIn(ctx, key)
	})
	if err != nil {
		return nil, err
	}
	return secrets, nil
}

func (c *Change) deleteSignIn(ctx context.Context, key string) error {
	return c.deleteSignIns(ctx, `WHERE key = ?`, key)
}

// deleteConsoleSignIns deletes those of an account with the console: one for each endpoint that it has had.
func (c *Change) deleteConsoleSignIns(ctx context.Context, account model.ID) error {
	key := model.Account{ID: account, Kind: model.KindConsole}.SignInKey()
	return c.deleteSignIns(ctx, `WHERE key = ?1 OR key LIKE ?1 || ' %'`, key)
}

func (c *Change) deleteSignIns(ctx context.Context, where string, args ...any) error {
	list, err := all(ctx, c.tx, scanSignIn, signInQuery(where), args...)
	if err != nil {
		return err
	}
	for _, signIn := range list {
		if err := c.dropSecret(ctx, signIn.TokensRef()); err != nil {
			return err
		}
		if _, err := c.tx.ExecContext(ctx, `DELETE FROM sign_ins WHERE id = ?`, signIn.ID); err != nil {
			return err
		}
	}
	return nil
}
