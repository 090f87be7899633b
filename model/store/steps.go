package store

import (
	"context"
	"database/sql"

	"github.com/stepdeck/stepdeck/model"
)

func stepColumns() columns[model.Step] {
	return columns[model.Step]{
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
		{"arguments", func(s *model.Step) any { return listColumn[model.Argument]{&s.Script.Arguments} }},
		{"packages", func(s *model.Step) any { return listColumn[model.ScriptPackage]{&s.Script.Packages} }},
		{"options", func(s *model.Step) any { return optionsColumn{&s.Options} }},
	}
}

func loadSteps(ctx context.Context, q querier, project model.ID) ([]model.Step, error) {
	columns := stepColumns()
	return all(ctx, q, func(row scanner) (model.Step, error) {
		var s model.Step
		err := row.Scan(append([]any{&s.ID}, columns.values(&s)...)...)
		return s, err
	}, `SELECT id, `+columns.names()+` FROM steps WHERE project_id = ? ORDER BY position`, project)
}

func saveStep(ctx context.Context, tx *sql.Tx, project model.ID, position int, s model.Step) error {
	columns := stepColumns()
	keys := []any{s.ID, project, position, model.NameKey(s.Name), model.PackageKey(s.Script.Package)}
	_, err := tx.ExecContext(ctx, columns.upsert("steps", "project_id", "position", "name_key", "package_key"),
		append(keys, columns.values(&s)...)...)
	return err
}
