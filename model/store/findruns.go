package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mattn/go-sqlite3"

	"github.com/stepdeck/stepdeck/model"
)

// runText is the text that words are searched in. It contains the day in both forms that lists use.
const runText = `fold('#' || id || char(10) || project || char(10) || environment || char(10) || who || char(10)
	|| CASE WHEN status IN ('queued', 'running') THEN '' ELSE exit_code END || char(10)
	|| coalesce(strftime('%Y-%m-%d %H:%M:%S ', started / 1000000, 'unixepoch', 'localtime')
		|| ltrim(strftime('%d ', started / 1000000, 'unixepoch', 'localtime'), '0')
		|| substr('JanFebMarAprMayJunJulAugSepOctNovDec', strftime('%m', started / 1000000, 'unixepoch', 'localtime') * 3 - 2, 3), '')
	|| coalesce((SELECT group_concat(char(10) || CASE status WHEN 'skipped' THEN '' ELSE step END || char(10) || aws_id || char(10)
		|| coalesce((SELECT label FROM aws_accounts WHERE id = aws_id), '') || CASE sandbox WHEN 1 THEN char(10) || 'SANDBOX' ELSE '' END, '')
		FROM step_runs WHERE run_id = runs.id), ''))`

// conditions returns the WHERE clause of the filter and its arguments.
func conditions(f model.RunFilter) (string, []any) {
	all := []string{"1"}
	var args []any
	add := func(condition string, values ...any) {
		all = append(all, condition)
		args = append(args, values...)
	}
	if f.Project != "" {
		add(`project_key = ?`, model.NameKey(f.Project))
	}
	if f.Step != "" {
		add(`EXISTS (SELECT 1 FROM step_runs WHERE run_id = runs.id AND step = ?)`, f.Step)
	}
	if f.Status != "" {
		add(`status = ?`, f.Status)
	}
	if f.Before != 0 {
		add(`id < ?`, f.Before)
	}
	for _, w := range f.Words {
		add(`(status IN (SELECT value FROM json_each(?)) OR instr(`+runText+`, ?) > 0)`, asJSON(w.Statuses), fold(w.Text))
	}
	return ` WHERE ` + strings.Join(all, ` AND `), args
}

// asJSON encodes a list for json_each. These lists can't fail to encode.
func asJSON[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(list)
	return string(text)
}

// Runs returns runs, the newest first, with their step runs but without the step runs' inputs and outputs.
func (s *Store) Runs(ctx context.Context, filter model.RunFilter) (list []model.Run, err error) {
	where, args := conditions(filter)
	limit := -1
	if filter.Limit > 0 {
		limit = filter.Limit
	}
	err = s.read(ctx, "read the runs", func(q querier) error {
		list, err = all(ctx, q, scanRun, `SELECT `+runColumns+` FROM runs`+where+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
		if err != nil || len(list) == 0 {
			return err
		}
		indexes, ids := map[int64]int{}, make([]int64, len(list))
		for i, r := range list {
			indexes[r.ID], ids[i] = i, r.ID
		}
		steps, err := all(ctx, q, scanStepRun, `SELECT `+stepRunColumns+` FROM step_runs WHERE run_id IN (SELECT value FROM json_each(?))
			ORDER BY run_id, number, attempt`, asJSON(ids))
		for _, step := range steps {
			r := &list[indexes[step.RunID]]
			r.Steps = append(r.Steps, step)
		}
		return err
	})
	return list, err
}

// CountRuns returns how many runs a filter selects, ignoring its limit.
func (s *Store) CountRuns(ctx context.Context, filter model.RunFilter) (n int, err error) {
	where, args := conditions(filter)
	err = s.read(ctx, "count the runs", func(q querier) error {
		return q.QueryRowContext(ctx, `SELECT count(*) FROM runs`+where, args...).Scan(&n)
	})
	return n, err
}

// RunProjects returns the names of the projects that have runs, each as in its newest run.
func (s *Store) RunProjects(ctx context.Context) (names []string, err error) {
	err = s.read(ctx, "read the projects of the runs", func(q querier) error {
		names, err = all(ctx, q, plain[string],
			`SELECT project FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY project_key) ORDER BY project_key`)
		return err
	})
	return names, err
}

// addFunctions adds the function that the queries above need: SQLite's sqlite functions fold only ASCII.
func addFunctions(conn driver.Conn) error {
	sqlite, ok := conn.(*sqlite3.SQLiteConn)
	if !ok {
		return errors.New("the SQLite driver accepts no functions")
	}
	if err := sqlite.RegisterFunc("fold", fold, true); err != nil {
		return fmt.Errorf("add a function: %w", err)
	}
	return nil
}

// fold makes texts equal that differ only in case. Most texts are ASCII, for which there is a fast path.
func fold(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return model.NameKey(text)
		}
	}
	return strings.ToLower(text)
}
