package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ToolFile identifies a program's file at the time when it was asked for its version.
type ToolFile struct {
	Path     string
	Size     int64 // bytes
	Modified time.Time
}

// ToolVersion returns the program's stored version; ok is false if it is not known for exactly this file.
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

// SaveToolVersion stores a program's version.
func (s *Store) SaveToolVersion(ctx context.Context, file ToolFile, version string) error {
	return s.write(ctx, "save the version of a tool", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO tool_versions (path, size, modified, version, checked) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (path) DO UPDATE SET size = excluded.size, modified = excluded.modified, version = excluded.version,
			checked = excluded.checked`,
			file.Path, file.Size, stamp(file.Modified), version, stamp(time.Now()))
		return err
	})
}

// ForgetToolVersions clears the cache, so that every program is asked again.
func (s *Store) ForgetToolVersions(ctx context.Context) error {
	return s.write(ctx, "forget the versions of the tools", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM tool_versions`)
		return err
	})
}
