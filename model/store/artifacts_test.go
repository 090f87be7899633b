package store

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// placeArtifact writes an artifact of the first step of a run.
func placeArtifact(t *testing.T, s *Store, run model.Run, a model.Artifact) string {
	t.Helper()
	path := s.ArtifactPath(run.ID, run.Steps[0].ID, a)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte("x"), 0o600))
	return path
}

func TestArtifacts(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	run := startRun(t, s)
	first := model.Artifact{Number: 1, Name: "a.txt", Size: 1, SHA256: "aa", At: noon}
	lost := model.Artifact{Number: 2, Name: "b.txt", At: noon, Missing: "There is no such file."}
	must(t, s.SaveArtifact(ctx, run.Steps[0].ID, first))
	must(t, s.SaveArtifact(ctx, run.Steps[0].ID, lost))
	first.Size, first.SHA256, first.HoldsSecret = 2, "bb", true
	must(t, s.SaveArtifact(ctx, run.Steps[0].ID, first)) // it has changed
	must(t, s.UpdateStepRun(ctx, run.Steps[0]))          // leaves them alone
	loaded, err := s.Run(ctx, run.ID)
	must(t, err)
	if got := loaded.Steps[0].Artifacts; !slices.Equal(got, []model.Artifact{first, lost}) {
		t.Errorf("they are %+v", got)
	}

	path := placeArtifact(t, s, run, first)
	unknown := placeArtifact(t, s, run, model.Artifact{Number: 1, Name: "part"})
	beside := filepath.Dir(placeArtifact(t, s, run, model.Artifact{Number: 3, Name: "c.txt"}))
	rest, err := s.UnrecordedArtifacts(loaded)
	must(t, err)
	if want := []string{unknown, beside}; !slices.Equal(rest, want) {
		t.Errorf("not recorded are %q, want %q", rest, want)
	}

	run.Status = model.Succeeded
	must(t, s.FinishRun(ctx, run))
	orphans, err := s.OrphanedArtifacts(ctx)
	must(t, err)
	if len(orphans) > 0 {
		t.Errorf("%q are no orphans", orphans)
	}
	must(t, s.DeleteRun(ctx, run.ID))
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file of a deleted run: %v", err)
	}
}

func TestOrphanedArtifacts(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	if orphans, err := s.OrphanedArtifacts(ctx); err != nil || len(orphans) > 0 {
		t.Errorf("before there are any: %q, %v", orphans, err)
	}
	run := startRun(t, s)
	placeArtifact(t, s, run, model.Artifact{Number: 1, Name: "a.txt"})
	gone := run
	gone.ID += 1000
	path := placeArtifact(t, s, gone, model.Artifact{Number: 1, Name: "a.txt"})
	must(t, os.Mkdir(filepath.Join(s.Dir(), artifactRoot, "mine"), 0o700)) // a person's
	orphans, err := s.OrphanedArtifacts(ctx)
	must(t, err)
	if want := []string{filepath.Dir(filepath.Dir(path))}; !slices.Equal(orphans, want) {
		t.Errorf("orphans are %q, want %q", orphans, want)
	}
	none, err := s.UnrecordedArtifacts(model.Run{ID: 7})
	if err != nil || len(none) > 0 {
		t.Errorf("a run without artifacts: %q, %v", none, err)
	}
}
