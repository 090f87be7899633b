package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// WorkRoot is the folder in the data folder that contains the work folders of running steps and of shells.
const WorkRoot = "w"

func (s *Store) runLockPath(id int64) string {
	return filepath.Join(s.dir, lockFolder, fmt.Sprintf("run-%d.lock", id))
}

// lockRun takes the lock of a run that no other process knows yet.
func (s *Store) lockRun(id int64) (*fileLock, error) {
	lock, err := openLock(s.runLockPath(id))
	if err != nil {
		return nil, err
	}
	got, err := lock.tryExclusive()
	if err == nil && !got {
		err = fmt.Errorf("run %d is already locked", id)
	}
	if err != nil {
		return nil, errors.Join(err, lock.unlock())
	}
	return lock, nil
}

// Beat writes into the lock of a run of this process that its engine is alive now, for whoever finds out later that it died.
func (s *Store) Beat(id int64, now time.Time) {
	s.mu.Lock()
	lock, own := s.runs[id]
	s.mu.Unlock()
	if own {
		_, _ = lock.file.WriteAt([]byte(strconv.FormatInt(stamp(now), 10)), 0) // if that fails, the last output tells
	}
}

// lastBeat returns when the engine of a run was last alive, as far as its lock says so.
func (s *Store) lastBeat(id int64) (at int64) {
	if text, err := os.ReadFile(s.runLockPath(id)); err == nil {
		at, _ = strconv.ParseInt(string(text), 10, 64)
	}
	return at
}

// alive reports whether the engine of a run is alive.
func (s *Store) alive(id int64) (bool, error) {
	s.mu.Lock()
	_, own := s.runs[id]
	s.mu.Unlock()
	if own {
		return true, nil
	}
	return isLocked(s.runLockPath(id))
}

// MarkInterrupted finds runs that are recorded as running but whose engine is dead, records them as interrupted at the
// time of their last sign of life, and returns them. Every start calls it: it costs one query if there is no such run.
func (s *Store) MarkInterrupted(ctx context.Context) ([]model.Run, error) {
	var candidates []int64
	err := s.read(ctx, "look for interrupted runs", func(q querier) (err error) {
		candidates, err = all(ctx, q, plain[int64], `SELECT id FROM runs WHERE status IN ('queued', 'running') ORDER BY id`)
		return err
	})
	if err != nil {
		return nil, err
	}
	var marked []model.Run
	for _, id := range candidates {
		alive, err := s.alive(id)
		if err != nil {
			return marked, failed("look for interrupted runs", err)
		}
		if alive {
			continue
		}
		changed, err := s.interrupt(ctx, id)
		if err != nil {
			return marked, err
		}
		if err := os.Remove(s.runLockPath(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
			s.log.WarnContext(ctx, "lock of a dead run stays", "run", id, "error", err)
		}
		if !changed {
			continue // it ended normally, or another process was faster
		}
		run, err := s.Run(ctx, id)
		if err != nil {
			return marked, err
		}
		marked = append(marked, run)
		s.log.InfoContext(ctx, "run marked as interrupted", "run", id, "project", run.Project)
	}
	if len(marked) > 0 {
		s.folder.others() // removes the files of dead processes
	}
	return marked, nil
}

// interrupt records the end of a run whose engine is dead, unless its end is already recorded.
func (s *Store) interrupt(ctx context.Context, id int64) (changed bool, err error) {
	const stepMessage = "The engine that ran it ended before the step did."
	const skippedMessage = "Not run, because the engine of the run ended before."
	beat := s.lastBeat(id)
	err = s.write(ctx, "record the interrupted run", func(tx *sql.Tx) error {
		var alive int64
		if err := tx.QueryRowContext(ctx, `SELECT max(?2, coalesce((SELECT started FROM runs WHERE id = ?1), 0),
				coalesce((SELECT max(max(started, finished, last_output)) FROM step_runs WHERE run_id = ?1), 0))`,
			id, beat).Scan(&alive); err != nil {
			return err
		}
		message := fmt.Sprintf("The engine that ran it ended before the run did: it was killed, or the computer went off. "+
			"That was after %s, its last sign of life, and was noticed at %s.", model.LocalTime(unstamp(alive)), model.LocalTime(time.Now()))
		result, err := tx.ExecContext(ctx, `UPDATE runs SET status = ?2, exit_code = 1, message = ?3, finished = ?4
			WHERE id = ?1 AND status IN ('queued', 'running')`, id, model.Interrupted, message, alive)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if changed = n > 0; err != nil || !changed {
			return err
		}
		if _, err := tx.ExecContext(ctx,
			`UPDATE step_runs SET status = ?2, message = ?3, finished = ?4 WHERE run_id = ?1 AND status = 'running'`,
			id, model.Interrupted, stepMessage, alive); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE step_runs SET status = ?2, skip_reason = ?3, message = ?4
			WHERE run_id = ?1 AND status = 'queued'`, id, model.Skipped, model.SkipInterrupted, skippedMessage); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM run_commands WHERE run_id = ?`, id)
		return err
	})
	return changed, err
}

// WorkFolder returns the path of a work folder for a run; it doesn't create it. The name is short because of Windows's
// limit of 260 characters, and contains the run's id, so that DeadWorkFolders knows its run. number distinguishes the
// folders of a run.
func (s *Store) WorkFolder(runID int64, number int) string {
	name := fmt.Sprintf("%5s%3s", strconv.FormatInt(runID, 36), strconv.FormatInt(int64(number), 36))
	return filepath.Join(s.dir, WorkRoot, strings.ReplaceAll(name, " ", "0"))
}

// shellPrefix begins the name of a work folder that belongs to no run but to a process, as that of a person's shell does. It is
// followed by the end of the name of the file that the process has locked while its store is open.
const shellPrefix = "shell-"

// CreateShellFolder creates a work folder for a shell of this process. It is dead when the store is closed or the process dies.
func (s *Store) CreateShellFolder() (string, error) {
	root := filepath.Join(s.dir, WorkRoot)
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", failed("create the folder "+root, err)
	}
	holder := strings.TrimPrefix(filepath.Base(s.folder.entry.file.Name()), holderPrefix)
	folder, err := os.MkdirTemp(root, shellPrefix+holder+"-")
	if err != nil {
		return "", failed("create a folder in "+root, err)
	}
	return folder, nil
}

// DeadWorkFolders returns the work folders of runs whose engine is dead, and of shells whose process is, and the artifacts of deleted
// runs. They contain what a script was given or has made, and must be removed.
func (s *Store) DeadWorkFolders() ([]string, error) {
	root := filepath.Join(s.dir, WorkRoot)
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, failed("look for abandoned work folders", err)
	}
	var dead []string
	for _, entry := range entries {
		alive, err := s.inUse(entry.Name())
		if err != nil {
			return dead, failed("look for abandoned work folders", err)
		}
		if !alive {
			dead = append(dead, filepath.Join(root, entry.Name()))
		}
	}
	return dead, nil
}

// inUse reports whether an entry of WorkRoot belongs to a living process, or is none of Stepdeck's own.
func (s *Store) inUse(name string) (bool, error) {
	if strings.HasPrefix(name, gonePrefix) {
		return false, nil
	}
	if rest, ok := strings.CutPrefix(name, shellPrefix); ok {
		holder, _, _ := strings.Cut(rest, "-")
		return isLocked(filepath.Join(s.folder.dir, holderPrefix+holder))
	}
	if len(name) < 8 {
		return true, nil
	}
	run, err := strconv.ParseInt(name[:len(name)-3], 36, 64)
	if err != nil {
		return true, nil //nolint:nilerr // it isn't the name of a work folder
	}
	return s.alive(run)
}
