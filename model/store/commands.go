package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Ask records a command for the engine of a run, which may be another process.
func (s *Store) Ask(ctx context.Context, runID int64, command model.RunCommand) error {
	return s.write(ctx, "send the command to the run", func(tx *sql.Tx) error {
		var status model.Status
		err := tx.QueryRowContext(ctx, `SELECT status FROM runs WHERE id = ?`, runID).Scan(&status)
		if errors.Is(err, sql.ErrNoRows) {
			return runNotFound(ctx, tx, runID)
		}
		if err != nil {
			return err
		}
		if status.Over() {
			return model.NewError(model.CodeRunOver, "Run %d has already ended (%s). There is nothing to stop.", runID, status)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO run_commands (run_id, command, asked) VALUES (?, ?, ?)`, runID, command, stamp(time.Now()))
		return err
	})
}

// TakeCommands returns the commands for a run in order and removes them: each command is returned once.
func (s *Store) TakeCommands(ctx context.Context, runID int64) (commands []model.RunCommand, err error) {
	found := false
	err = s.read(ctx, "look for commands", func(q querier) error {
		return q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM run_commands WHERE run_id = ?)`, runID).Scan(&found)
	})
	if err != nil || !found {
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

// Changes reports whether any process has changed the database.
type Changes struct {
	conn    *sql.Conn
	version int64
}

// Changes starts to watch for changes. It occupies one of the reading connections until it is closed.
func (s *Store) Changes(ctx context.Context) (*Changes, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, failed("watch for changes", err)
	}
	c := &Changes{conn: conn}
	if _, err := c.Changed(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

// Changed reports whether anything was changed since the last call. It reads no table and takes a few microseconds.
func (c *Changes) Changed(ctx context.Context) (bool, error) {
	var version int64
	if err := c.conn.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
		return false, failed("watch for changes", err)
	}
	changed := version != c.version
	c.version = version
	return changed, nil
}

// Close returns the connection to the pool.
func (c *Changes) Close() error { return c.conn.Close() }
