package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// jsonColumn holds a T as a JSON object; NULL is a nil pointer.
type jsonColumn[T any] struct{ at **T }

// Value implements driver.Valuer.
func (c jsonColumn[T]) Value() (driver.Value, error) {
	if *c.at == nil {
		return nil, nil //nolint:nilnil // this is NULL
	}
	return encode(*c.at)
}

// Scan implements sql.Scanner.
func (c jsonColumn[T]) Scan(from any) error {
	if *c.at = nil; from == nil {
		return nil
	}
	*c.at = new(T)
	return decode(from, *c.at)
}

// listColumn holds a list as a JSON array; an empty one is nil.
type listColumn[T any] struct{ at *[]T }

// Value implements driver.Valuer.
func (c listColumn[T]) Value() (driver.Value, error) {
	if len(*c.at) == 0 {
		return "[]", nil
	}
	return encode(*c.at)
}

// Scan implements sql.Scanner.
func (c listColumn[T]) Scan(from any) error {
	*c.at = nil
	if from == "[]" {
		return nil
	}
	return decode(from, c.at)
}

// optionsColumn holds the options of a step as a JSON object. An option that the object lacks has its default: it is newer than
// the row.
type optionsColumn struct{ at *model.Options }

type storedOptions struct {
	TimeoutUs    int64 `json:"timeoutUs"`
	RetryPauseUs int64 `json:"retryPauseUs"`
	model.Options
}

// Value implements driver.Valuer.
func (c optionsColumn) Value() (driver.Value, error) {
	return encode(storedOptions{c.at.Timeout.Microseconds(), c.at.RetryPause.Microseconds(), *c.at})
}

// Scan implements sql.Scanner.
func (c optionsColumn) Scan(from any) error {
	stored := storedOptions{Options: model.DefaultOptions()}
	if err := decode(from, &stored); err != nil {
		return err
	}
	*c.at = stored.Options
	c.at.Timeout = time.Duration(stored.TimeoutUs) * time.Microsecond
	c.at.RetryPause = time.Duration(stored.RetryPauseUs) * time.Microsecond
	return nil
}

func encode(v any) (driver.Value, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

func decode(from, into any) error {
	text, ok := from.(string)
	if !ok {
		return fmt.Errorf("a JSON column has a %T", from)
	}
	return json.Unmarshal([]byte(text), into)
}
