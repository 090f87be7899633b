package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// stepColumn is a column of a step. It is the one declaration for reading and writing it.
type stepColumn struct {
	name  string
	value func(*model.Step) any // a pointer, or what implements sql.Scanner and driver.Valuer
}

func stepColumns() []stepColumn {
	return []stepColumn{
		{"name", func(s *model.Step) any { return &s.Name }},
		{"enabled", func(s *model.Step) any { return &s.Enabled }},
		{"pinned", func(s *model.Step) any { return &s.Pinned }},
		{"account", func(s *model.Step) any { return &s.AWS.Account }},
		{"expect", func(s *model.Step) any { return &s.AWS.Expect }},
		{"region", func(s *model.Step) any { return &s.AWS.Region }},
		{"assume_role", func(s *model.Step) any { return jsonColumn[model.AssumeRole]{&s.AWS.AssumeRole} }},
		{"source", func(s *model.Step) any { return &s.Script.Source }},
		{"language", func(s *model.Step) any { return &s.Script.Language }},
		{"body", func(s *model.Step) any { return &s.Script.Body }},
		{"package", func(s *model.Step) any { return &s.Script.Package }},
		{"package_version", func(s *model.Step) any { return &s.Script.Version }},
		{"folder", func(s *model.Step) any { return &s.Script.Folder }},
		{"file", func(s *model.Step) any { return &s.Script.File }},
		{"parameters", func(s *model.Step) any { return &s.Script.Parameters }},
		{"options", func(s *model.Step) any { return optionsColumn{&s.Options} }},
	}
}

func loadSteps(ctx context.Context, q querier, project model.ID) ([]model.Step, error) {
	columns := stepColumns()
	return all(ctx, q, func(row scanner) (model.Step, error) {
		var s model.Step
		err := row.Scan(append([]any{&s.ID}, stepValues(columns, &s)...)...)
		return s, err
	}, `SELECT id, `+strings.Join(stepNames(columns), ", ")+` FROM steps WHERE project_id = ? ORDER BY position`, project)
}

func saveStep(ctx context.Context, tx *sql.Tx, project model.ID, position int, s model.Step) error {
	columns := stepColumns()
	keys := []any{s.ID, project, position, model.NameKey(s.Name), model.PackageKey(s.Script.Package)}
	_, err := tx.ExecContext(ctx, stepUpsert(columns), append(keys, stepValues(columns, &s)...)...)
	return err
}

// stepUpsert returns the statement that saves a step: its keys, then its columns.
func stepUpsert(columns []stepColumn) string {
	names := append([]string{"project_id", "position", "name_key", "package_key"}, stepNames(columns)...)
	sets := make([]string, len(names))
	for i, name := range names {
		sets[i] = name + " = excluded." + name
	}
	return `INSERT INTO steps (id, ` + strings.Join(names, ", ") + `) VALUES (?` + strings.Repeat(", ?", len(names)) + `)
		ON CONFLICT (id) DO UPDATE SET ` + strings.Join(sets, ", ")
}

func stepNames(columns []stepColumn) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

func stepValues(columns []stepColumn, s *model.Step) []any {
	values := make([]any, len(columns))
	for i, c := range columns {
		values[i] = c.value(s)
	}
	return values
}
