package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Ask leaves a command for the engine of a run, which may be another process.
func (s *Store) Ask(ctx context.Context, runID int64, command model.RunCommand) error {
	return s.write(ctx, "ask the run", func(tx *sql.Tx) error {
		var status model.Status
		err := tx.QueryRowContext(ctx, `SELECT status FROM runs WHERE id = ?`, runID).Scan(&status)
		if errors.Is(err, sql.ErrNoRows) {
			return runNotFound(ctx, tx, runID)
		}
		if err != nil {
			return err
		}
		if status.Over() {
			return model.NewError("run.over", "Run %d is over already (%s): there is nothing to stop.", runID, status)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO run_commands (run_id, command, asked) VALUES (?, ?, ?)`, runID, command, stamp(time.Now()))
		return err
	})
}

// TakeCommands gives what others ask of a run, in order, and removes it: each command is given once.
func (s *Store) TakeCommands(ctx context.Context, runID int64) (commands []model.RunCommand, err error) {
	waiting := false
	err = s.read(ctx, "look for commands", func(q querier) error {
		return q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM run_commands WHERE run_id = ?)`, runID).Scan(&waiting)
	})
	if err != nil || !waiting {
		return nil, err
	}
	err = s.write(ctx, "take the commands", func(tx *sql.Tx) error {
		commands, err = all(ctx, tx, plain[model.RunCommand], `SELECT command FROM run_commands WHERE run_id = ? ORDER BY id`, runID)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM run_commands WHERE run_id = ?`, runID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return commands, nil
}

// Changes tells whether anyone, this process or another, has changed the database.
type Changes struct {
	conn    *sql.Conn
	version int64
}

// Changes starts to look out for changes. It takes one of the reading connections until it is closed.
func (s *Store) Changes(ctx context.Context) (*Changes, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, failed("look out for changes", err)
	}
	c := &Changes{conn: conn}
	if _, err := c.Changed(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

// Changed reports whether anything was changed since it was last asked. It reads no table: a few microseconds.
func (c *Changes) Changed(ctx context.Context) (bool, error) {
	var version int64
	if err := c.conn.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
		return false, failed("look out for changes", err)
	}
	changed := version != c.version
	c.version = version
	return changed, nil
}

// Close gives the connection back.
func (c *Changes) Close() error { return c.conn.Close() }
