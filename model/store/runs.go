package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// CreateRun records a run with all its step runs before it starts, sets their ids, and takes the run's lock: from now
// on this process is its engine, and if the process dies, the run is interrupted.
func (s *Store) CreateRun(ctx context.Context, run *model.Run) error {
	created := *run
	created.Steps = append([]model.StepRun{}, run.Steps...)
	var lock *fileLock
	err := s.write(ctx, "record the run", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO runs (project_id, project, project_key, environment_id, environment, who, status,
			exit_code, started, finished, message, kept, rehearsal)
			VALUES ((SELECT id FROM projects WHERE id = ?), ?, ?, (SELECT id FROM environments WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			created.ProjectID, created.Project, model.NameKey(created.Project), created.EnvironmentID, created.Environment, created.Who,
			created.Status,
			created.ExitCode, stamp(created.Started), stamp(created.Finished), created.Message, created.Kept,
			jsonColumn[model.Rehearsal]{&created.Rehearsal})
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
		// Before other processes can see the run: without its lock it would look interrupted.
		lock, err = s.lockRun(created.ID)
		return err
	})
	if err != nil {
		if lock != nil {
			err = errors.Join(err, lock.remove())
		}
		return err
	}
	s.mu.Lock()
	s.runs[created.ID] = lock
	s.mu.Unlock()
	*run = created
	return nil
}

// AddStepRun records one more attempt at a step of a running run, and sets its ids.
func (s *Store) AddStepRun(ctx context.Context, runID int64, step *model.StepRun) error {
	added := *step
	added.RunID = runID
	err := s.write(ctx, "record the step", func(tx *sql.Tx) error { return createStepRun(ctx, tx, &added) })
	if err == nil {
		*step = added
	}
	return err
}

// UpdateRun updates the run's own fields: status, times, message. Its step runs stay unchanged.
func (s *Store) UpdateRun(ctx context.Context, run model.Run) error {
	return s.write(ctx, "record the run", func(tx *sql.Tx) error { return updateRun(ctx, tx, run) })
}

func updateRun(ctx context.Context, tx *sql.Tx, run model.Run) error {
	_, err := tx.ExecContext(ctx, `UPDATE runs SET status = ?, exit_code = ?, started = ?, finished = ?, message = ? WHERE id = ?`,
		run.Status, run.ExitCode, stamp(run.Started), stamp(run.Finished), run.Message, run.ID)
	return err
}

// FinishRun records the end of a run and of all its step runs in one transaction, and releases its lock. Commands that
// were not taken are dropped.
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
	return failed("release the run", lock.remove())
}

const runColumns = `id, coalesce(project_id, ''), project, coalesce(environment_id, ''), environment, who, status, exit_code,
	started, finished, message, kept, rehearsal`

func scanRun(row scanner) (r model.Run, err error) {
	var started, finished int64
	err = row.Scan(&r.ID, &r.ProjectID, &r.Project, &r.EnvironmentID, &r.Environment, &r.Who, &r.Status, &r.ExitCode, &started, &finished,
		&r.Message, &r.Kept, jsonColumn[model.Rehearsal]{&r.Rehearsal})
	r.Started, r.Finished = unstamp(started), unstamp(finished)
	return r, err
}

// Run returns a run with its step runs, including their inputs and outputs.
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
			if err := loadInputsAndOutputs(ctx, q, &r.Steps[i]); err != nil {
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
		return model.NewError(model.CodeRunUnknown, "There is no run %d. Nothing has run yet.", id)
	}
	return model.NewError(model.CodeRunUnknown, "There is no run %d. The newest one is %d.", id, newest)
}

// KeepRun sets whether a run is protected from being removed by age.
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

// Number of chunks that one transaction deletes, so that others don't wait long.
const deleteChunks = 256

// DeleteRun removes a run that has ended, with its log and artifacts, and returns the disk space.
func (s *Store) DeleteRun(ctx context.Context, id int64) error {
	r, err := s.Run(ctx, id)
	if err != nil {
		return err
	}
	alive, err := s.alive(id)
	if err != nil {
		return failed("check the run", err)
	}
	if alive && !r.Status.Over() {
		return model.NewError("run.running", "Run %d of %q is still running. Stop it first.", id, r.Project)
	}
	// The log is deleted first and in parts; if this stops half-way, the run is still there to be deleted again.
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
	gone, restore, err := s.dropArtifacts(r)
	if err != nil {
		return err
	}
	if err := s.write(ctx, "delete the run", func(tx *sql.Tx) error { return deleteRun(ctx, tx, id) }); err != nil {
		return errors.Join(err, restore())
	}
	if err := os.RemoveAll(gone); gone != "" && err != nil {
		s.log.WarnContext(ctx, "the artifacts of a deleted run stay until the next start", "run", id, "error", err)
	}
	s.vacuum(ctx)
	return nil
}

// deleteRun deletes the rows of a run, and the texts that no other run has.
func deleteRun(ctx context.Context, tx *sql.Tx, id int64) error {
	hashes, err := all(ctx, tx, plain[[]byte], `SELECT script_hash FROM step_runs WHERE run_id = ?1 AND script_hash IS NOT NULL
		UNION SELECT value_hash FROM step_inputs WHERE step_run_id IN (SELECT id FROM step_runs WHERE run_id = ?1)
		AND value_hash IS NOT NULL`, id)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM runs WHERE id = ?`, id); err != nil {
		return err
	}
	return dropContents(ctx, tx, hashes)
}

// vacuum returns free pages to the file system, some at a time. The rest is reused or returned later.
func (s *Store) vacuum(ctx context.Context) {
	for start := time.Now(); time.Since(start) < time.Second; {
		// Each freed page is a row, so the statement has to be read to its end.
		freed, err := all(ctx, s.writer, func(scanner) (none struct{}, err error) { return none, nil }, `PRAGMA incremental_vacuum(4096)`)
		if err != nil {
			s.log.DebugContext(ctx, "free pages are returned later", "error", err)
			return
		}
		if len(freed) < 4096 {
			return
		}
	}
}
