package store

import (
	"context"
	"strings"
)

// Check looks for damage in the database. It returns SQLite's description of it, or "" if there is none. It reads the
// whole file, so it runs on request, not at every start.
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
