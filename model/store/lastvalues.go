package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/stepdeck/stepdeck/model"
)

// lastValueRuns is in how many of the newest runs a last value is looked for.
const lastValueRuns = 20

// LastValues returns the newest recorded values in the runs of a project in an environment, by the keys of their names: of a step's own
// what that step had, of the project's what any step had that used it. Sensitive values are not recorded, and neither is a name that none
// of the newest runs has.
func (s *Store) LastValues(ctx context.Context, project, environment string, names []model.ValueName) (map[string]string, error) {
	last := map[string]string{}
	err := s.read(ctx, "read the last values", func(q querier) error {
		for _, name := range names {
			var value string
			err := q.QueryRowContext(ctx, `SELECT c.body FROM
					(SELECT id FROM runs WHERE project_key = ? AND environment = ? ORDER BY id DESC LIMIT ?) r
				JOIN step_runs s ON s.run_id = r.id JOIN step_inputs i ON i.step_run_id = s.id JOIN contents c ON c.hash = i.value_hash
				WHERE i.name = ? COLLATE NOCASE AND i.own = ? AND (? = '' OR s.step = ? COLLATE NOCASE)
				ORDER BY r.id DESC, s.id LIMIT 1`,
				model.NameKey(project), environment, lastValueRuns, name.Name, name.Step != "", name.Step, name.Step).Scan(&value)
			switch {
			case err == nil:
				last[name.Key()] = value
			case !errors.Is(err, sql.ErrNoRows):
				return err
			}
		}
		return nil
	})
	return last, err
}
