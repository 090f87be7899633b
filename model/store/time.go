package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// timeColumn holds a time as microseconds since 1970, 0 for the zero time.
type timeColumn struct{ at *time.Time }

// Value implements driver.Valuer.
func (c timeColumn) Value() (driver.Value, error) { return stamp(*c.at), nil }

// Scan implements sql.Scanner.
func (c timeColumn) Scan(from any) error {
	us, ok := from.(int64)
	if !ok {
		return fmt.Errorf("a time column has a %T", from)
	}
	*c.at = unstamp(us)
	return nil
}
