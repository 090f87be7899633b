package store

import (
	"context"
	"database/sql"
)

// Settings returns all settings.
func (s *Store) Settings(ctx context.Context) (map[string]string, error) {
	settings := map[string]string{}
	err := s.read(ctx, "read the settings", func(q querier) error {
		_, err := all(ctx, q, func(row scanner) (none struct{}, err error) {
			var key, value string
			err = row.Scan(&key, &value)
			settings[key] = value
			return none, err
		}, `SELECT key, value FROM settings`)
		return err
	})
	return settings, err
}

// SaveSettings saves the given settings in one transaction; an empty value removes a setting, which restores its
// default.
func (s *Store) SaveSettings(ctx context.Context, settings map[string]string) error {
	return s.write(ctx, "save the settings", func(tx *sql.Tx) error {
		for key, value := range settings {
			query, args := `INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
				[]any{key, value}
			if value == "" {
				query, args = `DELETE FROM settings WHERE key = ?`, []any{key}
			}
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return err
			}
		}
		return nil
	})
}
