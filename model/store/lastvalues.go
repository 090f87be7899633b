package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/stepdeck/stepdeck/model"
)

// lastValueRuns is in how many of the newest runs a last value is looked for.
const lastValueRuns = 20

// LastValues returns the newest recorded value of each name in the runs of a project in an environment, by name key. Sensitive values are
// not recorded, and neither is a name that none of the newest runs has.
func (s *Store) LastValues(ctx context.Context, project, environment string, names []string) (map[string]string, error) {
	last := map[string]string{}
	err := s.read(ctx, "read the last values", func(q querier) error {
		for _, name := range names {
			var value string
			err := q.QueryRowContext(ctx, `SELECT c.body FROM
					(SELECT id FROM runs WHERE project_key = ? AND environment = ? ORDER BY id DESC LIMIT ?) r
				JOIN step_runs s ON s.run_id = r.id JOIN step_inputs i ON i.step_run_id = s.id JOIN contents c ON c.hash = i.value_hash
				WHERE i.name = ? COLLATE NOCASE ORDER BY r.id DESC, s.id LIMIT 1`,
				model.NameKey(project), environment, lastValueRuns, name).Scan(&value)
			switch {
			case err == nil:
				last[model.NameKey(name)] = value
			case !errors.Is(err, sql.ErrNoRows):
				return err
			}
		}
		return nil
	})
	return last, err
}
