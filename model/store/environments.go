package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Environments returns all environments in their order.
func (s *Store) Environments(ctx context.Context) (list []model.Environment, err error) {
	err = s.read(ctx, "read the environments", func(q querier) error {
		list, err = environments(ctx, q)
		return err
	})
	return list, err
}

func environments(ctx context.Context, q querier) ([]model.Environment, error) {
	return all(ctx, q, func(row scanner) (e model.Environment, err error) {
		err = row.Scan(&e.ID, &e.Name)
		return e, err
	}, `SELECT id, name FROM environments ORDER BY position`)
}

// SaveEnvironment renames the environment with e's id, or adds a new one at the end and sets the id.
func (s *Store) SaveEnvironment(ctx context.Context, e *model.Environment) error {
	if err := model.CheckName("environment", e.Name); err != nil {
		return err
	}
	name := strings.TrimSpace(e.Name)
	id := e.ID
	err := s.write(ctx, "save the environment", func(tx *sql.Tx) error {
		var other model.ID
		err := tx.QueryRowContext(ctx, `SELECT id FROM environments WHERE name_key = ?`, model.NameKey(name)).Scan(&other)
		if err == nil && other != id {
			return nameTaken("environment.taken", "environment", name)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if id == "" {
			id, err = addEnvironment(ctx, tx, name)
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE environments SET name = ?, name_key = ? WHERE id = ?`, name, model.NameKey(name), id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, environmentNotFound(ctx, tx, name))
		}
		return nil
	})
	if err == nil {
		e.ID, e.Name = id, name
	}
	return err
}

func addEnvironment(ctx context.Context, tx *sql.Tx, name string) (model.ID, error) {
	id := newID()
	_, err := tx.ExecContext(ctx, `INSERT INTO environments (id, name, name_key, position)
		VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM environments))`, id, name, model.NameKey(name))
	return id, err
}

// OrderEnvironments moves the named environments to the front in that order; the others follow in their existing order.
func (s *Store) OrderEnvironments(ctx context.Context, names []string) error {
	return s.write(ctx, "order the environments", func(tx *sql.Tx) error {
		for i, name := range names {
			result, err := tx.ExecContext(ctx, `UPDATE environments SET position = ? WHERE name_key = ?`, i-len(names), model.NameKey(name))
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, environmentNotFound(ctx, tx, name))
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE environments SET position = place.number
			FROM (SELECT id, row_number() OVER (ORDER BY position) AS number FROM environments) AS place WHERE place.id = environments.id`)
		return err
	})
}

// DeleteEnvironment removes an environment that no project uses.
func (s *Store) DeleteEnvironment(ctx context.Context, name string) error {
	return s.write(ctx, "delete the environment", func(tx *sql.Tx) error {
		var id model.ID
		err := tx.QueryRowContext(ctx, `SELECT id FROM environments WHERE name_key = ?`, model.NameKey(name)).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return environmentNotFound(ctx, tx, name)
		}
		if err != nil {
			return err
		}
		users, err := all(ctx, tx, plain[string], `SELECT 'project "' || name || '"' FROM projects WHERE
			id IN (SELECT project_id FROM project_environments WHERE environment_id = ?1)
			OR id IN (SELECT project_id FROM variables JOIN variable_scopes ON variable_id = variables.id WHERE environment_id = ?1)
			ORDER BY name_key`, id)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return inUse("environment.used", "environment", name, users, "Remove it there first.")
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM environments WHERE id = ?`, id)
		return err
	})
}

func environmentNotFound(ctx context.Context, q querier, name string) error {
	known, err := all(ctx, q, plain[string], `SELECT name FROM environments ORDER BY position`)
	if err != nil {
		return err
	}
	return notFound("environment.unknown", "environment", name, known)
}
