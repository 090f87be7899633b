package store

import (
	"context"
	"database/sql"

	"github.com/stepdeck/stepdeck/model"
)

// Change is one transaction that saves several things: all of them, or none. An import is one.
type Change struct {
	tx *sql.Tx
	// Gone are the secrets of what the change removed, to be deleted from the vault once it is kept.
	Gone []model.SecretRef
}

// Change runs change in one transaction. When it returns an error, nothing was changed; what says what was to be done.
func (s *Store) Change(ctx context.Context, what string, change func(c *Change) error) error {
	return s.write(ctx, what, func(tx *sql.Tx) error { return change(&Change{tx: tx}) })
}
