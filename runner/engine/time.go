package engine

import (
	"fmt"
	"time"
)

// timeLayout is RFC 3339 in UTC, to the microsecond.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// Time is a time in JSON: RFC 3339 in UTC, to the microsecond; null if it is zero.
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

// Stamp is a Time that is never null. It is a string because each line of a log has one, and there are many lines.
type Stamp string

// StampOf returns t as a Stamp.
func StampOf(t time.Time) Stamp { return Stamp(t.UTC().Format(timeLayout)) }
