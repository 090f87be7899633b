package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// querier is implemented by transactions and connection pools.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanner is implemented by [sql.Row] and [sql.Rows].
type scanner interface{ Scan(into ...any) error }

// all returns the result of scan for each row.
func all[T any](ctx context.Context, q querier, scan func(row scanner) (T, error), query string, args ...any) (list []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// plain scans a row of one column.
func plain[T any](row scanner) (value T, err error) {
	err = row.Scan(&value)
	return value, err
}

// newID returns a random id.
func newID() model.ID {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails. Source: crypto/rand.Read
	return model.ID(hex.EncodeToString(id[:]))
}

// orNull returns NULL for an empty text: an empty id refers to nothing.
func orNull[T ~string](text T) any {
	if text == "" {
		return nil
	}
	return string(text)
}

// stamp returns a time as stored: microseconds since 1970 UTC, 0 for the zero time.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func unstamp(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
