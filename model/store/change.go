package store

import (
	"context"
	"database/sql"

	"github.com/stepdeck/stepdeck/model"
)

// Change is one transaction that saves several things, such as an import: all of them or none.
type Change struct {
	tx *sql.Tx
	// Gone lists the secrets of what the change removed. They are to be deleted from the vault after the commit.
	Gone []model.SecretRef
}

// Change runs change in one transaction. If it returns an error, nothing is changed; what completes the sentence
// "Stepdeck could not …".
func (s *Store) Change(ctx context.Context, what string, change func(c *Change) error) error {
	return s.write(ctx, what, func(tx *sql.Tx) error { return change(&Change{tx: tx}) })
}
