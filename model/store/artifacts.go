package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// artifactRoot is the folder in the data folder with a folder for each run that has artifacts.
const artifactRoot = "artifacts"

// ArtifactFolder returns the path of the folder for the artifacts of a run. It exists if the run has any.
func (s *Store) ArtifactFolder(runID int64) string {
	return filepath.Join(s.dir, artifactRoot, strconv.FormatInt(runID, 10))
}

// ArtifactPath returns the path of an artifact of a step run. Each has a folder of its own, so that its file can have its own name.
func (s *Store) ArtifactPath(runID, stepRunID int64, a model.Artifact) string {
	return filepath.Join(s.ArtifactFolder(runID), artifactEntry(stepRunID, a.Number), a.Name)
}

// artifactEntry returns the name of the folder for an artifact in that of its run.
func artifactEntry(stepRunID int64, number int) string {
	return strconv.FormatInt(stepRunID, 10) + "-" + strconv.Itoa(number)
}

// SaveArtifact records an artifact of a step run, or again if it has changed.
func (s *Store) SaveArtifact(ctx context.Context, stepRunID int64, a model.Artifact) error {
	return s.write(ctx, "record the artifact", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO step_artifacts (step_run_id, number, name, size, sha256, at, holds_secret, missing)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, size = excluded.size, sha256 = excluded.sha256,
			at = excluded.at, holds_secret = excluded.holds_secret, missing = excluded.missing`,
			stepRunID, a.Number, a.Name, a.Size, a.SHA256, stamp(a.At), a.HoldsSecret, a.Missing)
		return err
	})
}

func loadArtifacts(ctx context.Context, q querier, stepRunID int64) ([]model.Artifact, error) {
	return all(ctx, q, func(row scanner) (a model.Artifact, err error) {
		var at int64
		err = row.Scan(&a.Number, &a.Name, &a.Size, &a.SHA256, &at, &a.HoldsSecret, &a.Missing)
		a.At = unstamp(at)
		return a, err
	}, `SELECT number, name, size, sha256, at, holds_secret, missing FROM step_artifacts WHERE step_run_id = ? ORDER BY number`, stepRunID)
}

// gonePrefix begins the name that the folder of a deleted run's artifacts has among the work folders, where dead ones are removed.
const gonePrefix = "gone-"

// dropArtifacts moves the artifacts of a run to where they are removed, now or at the next start. restore undoes that.
func (s *Store) dropArtifacts(run model.Run) (gone string, restore func() error, err error) {
	none := func() error { return nil }
	folder := s.ArtifactFolder(run.ID)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return "", none, nil
	}
	gone = filepath.Join(s.dir, WorkRoot, gonePrefix+strconv.FormatInt(run.ID, 10))
	err = os.MkdirAll(filepath.Dir(gone), 0o700)
	if err == nil {
		err = os.Rename(folder, gone)
	}
	if err != nil {
		return "", none, model.NewError("run.artifacts",
			"The files that run %d of %q has kept can't be removed. Close the programs that have them open, and try again.", run.ID, run.Project).
			Because(err)
	}
	return gone, func() error { return os.Rename(gone, folder) }, nil
}

// UnrecordedArtifacts returns what is in the folder of a run's artifacts and is not recorded: its engine died before.
func (s *Store) UnrecordedArtifacts(run model.Run) ([]string, error) {
	recorded := map[string]string{}
	for _, step := range run.Steps {
		for _, a := range step.Artifacts {
			recorded[artifactEntry(step.ID, a.Number)] = a.Name
		}
	}
	folder := s.ArtifactFolder(run.ID)
	var rest []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		parts := strings.Split(strings.TrimPrefix(path, folder+string(filepath.Separator)), string(filepath.Separator))
		name, known := recorded[parts[0]]
		if len(parts) == 1 && known || len(parts) == 2 && parts[1] == name {
			return nil
		}
		rest = append(rest, path)
		if entry.IsDir() {
			return filepath.SkipDir
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return rest, failed("look for artifacts that are not recorded", err)
}
