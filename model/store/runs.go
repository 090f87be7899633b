package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// CreateRun writes a run with all its step runs before it starts, sets their ids, and takes the run's lock: from now on
// this process is its engine, and its death interrupts the run.
func (s *Store) CreateRun(ctx context.Context, run *model.Run) error {
	created := *run
	created.Steps = append([]model.StepRun{}, run.Steps...)
	var lock *fileLock
	err := s.write(ctx, "record the run", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO runs (project_id, project, project_key, environment_id, environment, who, status, exit_code, started, finished, message, kept)
			VALUES ((SELECT id FROM projects WHERE id = ?), ?, ?, (SELECT id FROM environments WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)`,
			created.ProjectID, created.Project, model.NameKey(created.Project), created.EnvironmentID, created.Environment, created.Who, created.Status,
			created.ExitCode, stamp(created.Started), stamp(created.Finished), created.Message, created.Kept)
		if err != nil {
			return err
		}
		if created.ID, err = result.LastInsertId(); err != nil {
			return err
		}
		for i := range created.Steps {
			step := &created.Steps[i]
			step.RunID = created.ID
			if err := createStepRun(ctx, tx, step); err != nil {
				return err
			}
		}
		// Before anyone can see the run: without its lock it would look interrupted.
		lock, err = s.lockRun(created.ID)
		return err
	})
	if err != nil {
		if lock != nil {
			err = errors.Join(err, lock.retire())
		}
		return err
	}
	s.mu.Lock()
	s.runs[created.ID] = lock
	s.mu.Unlock()
	*run = created
	return nil
}

// AddStepRun writes one more attempt at a step of a run that is going on, and sets its ids.
func (s *Store) AddStepRun(ctx context.Context, runID int64, step *model.StepRun) error {
	added := *step
	added.RunID = runID
	err := s.write(ctx, "record the step", func(tx *sql.Tx) error { return createStepRun(ctx, tx, &added) })
	if err == nil {
		*step = added
	}
	return err
}

// UpdateRun writes the run's own fields: status, times, message. Its step runs stay.
func (s *Store) UpdateRun(ctx context.Context, run model.Run) error {
	return s.write(ctx, "record the run", func(tx *sql.Tx) error { return updateRun(ctx, tx, run) })
}

func updateRun(ctx context.Context, tx *sql.Tx, run model.Run) error {
	_, err := tx.ExecContext(ctx, `UPDATE runs SET status = ?, exit_code = ?, started = ?, finished = ?, message = ? WHERE id = ?`,
		run.Status, run.ExitCode, stamp(run.Started), stamp(run.Finished), run.Message, run.ID)
	return err
}

// FinishRun writes the end of a run and of all its step runs in one transaction, and lets go of its lock. Commands that
// nobody took any more go.
func (s *Store) FinishRun(ctx context.Context, run model.Run) error {
	err := s.write(ctx, "record the end of the run", func(tx *sql.Tx) error {
		for _, step := range run.Steps {
			if err := updateStepRun(ctx, tx, step); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM run_commands WHERE run_id = ?`, run.ID); err != nil {
			return err
		}
		return updateRun(ctx, tx, run)
	})
	if err != nil {
		return err
	}
	for _, step := range run.Steps {
		s.logs.forget(step.ID)
	}
	s.mu.Lock()
	lock := s.runs[run.ID]
	delete(s.runs, run.ID)
	s.mu.Unlock()
	if lock == nil {
		return nil
	}
	return failed("let go of the run", lock.retire())
}

const runColumns = `id, coalesce(project_id, ''), project, coalesce(environment_id, ''), environment, who, status, exit_code, started, finished, message, kept`

func scanRun(row scanner) (r model.Run, err error) {
	var started, finished int64
	err = row.Scan(&r.ID, &r.ProjectID, &r.Project, &r.EnvironmentID, &r.Environment, &r.Who, &r.Status, &r.ExitCode, &started, &finished, &r.Message, &r.Kept)
	r.Started, r.Finished = unstamp(started), unstamp(finished)
	return r, err
}

// Run gives a run with its step runs and all that they kept.
func (s *Store) Run(ctx context.Context, id int64) (r model.Run, err error) {
	err = s.read(ctx, "read the run", func(q querier) error {
		r, err = scanRun(q.QueryRowContext(ctx, `SELECT `+runColumns+` FROM runs WHERE id = ?`, id))
		if errors.Is(err, sql.ErrNoRows) {
			return runNotFound(ctx, q, id)
		}
		if err != nil {
			return err
		}
		r.Steps, err = all(ctx, q, scanStepRun, `SELECT `+stepRunColumns+` FROM step_runs WHERE run_id = ? ORDER BY number, attempt`, id)
		if err != nil {
			return err
		}
		for i := range r.Steps {
			if err := loadKept(ctx, q, &r.Steps[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

func runNotFound(ctx context.Context, q querier, id int64) error {
	var newest int64
	if err := q.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM runs`).Scan(&newest); err != nil {
		return err
	}
	if newest == 0 {
		return model.NewError("run.unknown", "There is no run %d: nothing has run yet.", id)
	}
	return model.NewError("run.unknown", "There is no run %d. The newest one is %d.", id, newest)
}

// KeepRun protects a run from being removed by age, or lets it go.
func (s *Store) KeepRun(ctx context.Context, id int64, kept bool) error {
	return s.write(ctx, "keep the run", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE runs SET kept = ? WHERE id = ?`, kept, id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, runNotFound(ctx, tx, id))
		}
		return nil
	})
}

// Chunks that one transaction deletes: others shall not wait long.
const deleteChunks = 256

// DeleteRun removes a run that is over, with its log, and gives the room back.
func (s *Store) DeleteRun(ctx context.Context, id int64) error {
	r, err := s.Run(ctx, id)
	if err != nil {
		return err
	}
	alive, err := s.alive(id)
	if err != nil {
		return failed("look at the run", err)
	}
	if alive && !r.Status.Over() {
		return model.NewError("run.running", "Run %d of %q is still running. Stop it first.", id, r.Project)
	}
	// The log goes first and in parts; if this stops half-way, the run is still there to be deleted again.
	for more := true; more; {
		err := s.write(ctx, "delete the log", func(tx *sql.Tx) error {
			result, err := tx.ExecContext(ctx, `DELETE FROM log_chunks WHERE (step_run_id, first_line) IN (SELECT step_run_id, first_line
				FROM log_chunks WHERE step_run_id IN (SELECT id FROM step_runs WHERE run_id = ?) LIMIT ?)`, id, deleteChunks)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			more = n == deleteChunks
			return err
		})
		if err != nil {
			return err
		}
	}
	err = s.write(ctx, "delete the run", func(tx *sql.Tx) error {
		hashes, err := all(ctx, tx, plain[[]byte], `SELECT script_hash FROM step_runs WHERE run_id = ?1 AND script_hash IS NOT NULL
			UNION SELECT value_hash FROM step_inputs WHERE step_run_id IN (SELECT id FROM step_runs WHERE run_id = ?1) AND value_hash IS NOT NULL`, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM runs WHERE id = ?`, id); err != nil {
			return err
		}
		return dropContents(ctx, tx, hashes)
	})
	if err != nil {
		return err
	}
	s.giveBack(ctx)
	return nil
}

// giveBack returns free pages to the file system, some at a time. What is left is used again or returned later.
func (s *Store) giveBack(ctx context.Context) {
	for start := time.Now(); time.Since(start) < time.Second; {
		// Each page that is freed is a row: the statement has to be read to its end.
		freed, err := all(ctx, s.writer, func(scanner) (none struct{}, err error) { return none, nil }, `PRAGMA incremental_vacuum(4096)`)
		if err != nil {
			s.log.DebugContext(ctx, "room is given back later", "error", err)
			return
		}
		if len(freed) < 4096 {
			return
		}
	}
}
