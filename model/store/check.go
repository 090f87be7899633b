package store

import (
	"context"
	"strings"
)

// Check looks for damage in the database. It gives what it found in SQLite's words, empty for a sound one; it reads the
// whole file, so it is for whoever asks and not for every start.
func (s *Store) Check(ctx context.Context) (damage string, err error) {
	err = s.read(ctx, "look for damage in the database", func(q querier) error {
		lines, err := all(ctx, q, plain[string], `PRAGMA integrity_check(5)`)
		if text := strings.Join(lines, "; "); text != "ok" {
			damage = text
		}
		return err
	})
	return damage, err
}
