package engine

import (
	"fmt"
	"time"
)

// timeLayout is RFC 3339 in UTC, to the microsecond.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// Time is a moment as records have it: RFC 3339 in UTC, to the microsecond; null where there is none.
type Time struct{ time.Time }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.UTC().AppendFormat(nil, `"`+timeLayout+`"`), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(text []byte) (err error) {
	t.Time = time.Time{}
	if string(text) == "null" {
		return nil
	}
	if t.Time, err = time.Parse(`"`+timeLayout+`"`, string(text)); err != nil {
		return fmt.Errorf("read a time: %w", err)
	}
	return nil
}

// Stamp is a Time that is always there. It is text already: lines have one each, and there are many.
type Stamp string

// StampOf gives the stamp of a moment.
func StampOf(t time.Time) Stamp { return Stamp(t.UTC().Format(timeLayout)) }
