package store

import (
	"slices"
	"strings"
)

// column is a column of a T. It is the one declaration for reading and writing it.
type column[T any] struct {
	name  string
	value func(*T) any // a pointer, or what implements sql.Scanner and driver.Valuer
}

// columns are the columns of a T, but for its id and those that are computed from others.
type columns[T any] []column[T]

func (cs columns[T]) list() []string {
	names := make([]string, len(cs))
	for i, c := range cs {
		names[i] = c.name
	}
	return names
}

func (cs columns[T]) names() string { return strings.Join(cs.list(), ", ") }

func (cs columns[T]) values(of *T) []any {
	values := make([]any, len(cs))
	for i, c := range cs {
		values[i] = c.value(of)
	}
	return values
}

// upsert returns the statement that saves a T by its id: the id, then the computed columns, then cs.
func (cs columns[T]) upsert(table string, computed ...string) string {
	names := slices.Concat(computed, cs.list())
	sets := make([]string, len(names))
	for i, name := range names {
		sets[i] = name + " = excluded." + name
	}
	return `INSERT INTO ` + table + ` (id, ` + strings.Join(names, ", ") + `) VALUES (?` + strings.Repeat(", ?", len(names)) + `)
		ON CONFLICT (id) DO UPDATE SET ` + strings.Join(sets, ", ")
}
