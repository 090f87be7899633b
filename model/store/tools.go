package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ToolFile is a program's file as it was when the program was asked for its version.
type ToolFile struct {
	Path     string
	Size     int64 // bytes
	Modified time.Time
}

// ToolVersion gives what the program answered when it was last asked; ok is false where that was another file.
func (s *Store) ToolVersion(ctx context.Context, file ToolFile) (version string, ok bool, err error) {
	err = s.read(ctx, "read the versions of the tools", func(q querier) error {
		err := q.QueryRowContext(ctx, `SELECT version FROM tool_versions WHERE path = ? AND size = ? AND modified = ?`,
			file.Path, file.Size, stamp(file.Modified)).Scan(&version)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		ok = err == nil
		return err
	})
	return version, ok, err
}

// SaveToolVersion keeps what a program answered.
func (s *Store) SaveToolVersion(ctx context.Context, file ToolFile, version string) error {
	return s.write(ctx, "keep the version of a tool", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO tool_versions (path, size, modified, version, checked) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (path) DO UPDATE SET size = excluded.size, modified = excluded.modified, version = excluded.version, checked = excluded.checked`,
			file.Path, file.Size, stamp(file.Modified), version, stamp(time.Now()))
		return err
	})
}

// ForgetToolVersions empties the cache, so that every program is asked again.
func (s *Store) ForgetToolVersions(ctx context.Context) error {
	return s.write(ctx, "forget the versions of the tools", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM tool_versions`)
		return err
	})
}
