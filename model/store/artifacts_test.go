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
	must(t, s.DeleteRun(ctx, run.ID))
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file of a deleted run: %v", err)
	}
}

// A deletion that was cut short leaves the files where the next start removes them.
func TestTheArtifactsOfADeletedRunAreDead(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	run := startRun(t, s)
	path := placeArtifact(t, s, run, model.Artifact{Number: 1, Name: "a.txt"})
	gone, restore, err := s.dropArtifacts(run)
	must(t, err)
	dead, err := s.DeadWorkFolders()
	must(t, err)
	if !slices.Equal(dead, []string{gone}) {
		t.Errorf("dead are %q, want %q", dead, gone)
	}
	must(t, restore())
	if _, err := os.Stat(path); err != nil {
		t.Errorf("after all it is not deleted: %v", err)
	}
	run.Status = model.Failed
	must(t, s.FinishRun(ctx, run))
	must(t, os.RemoveAll(s.ArtifactFolder(run.ID)))
	must(t, s.DeleteRun(ctx, run.ID)) // it has none any more
	none, err := s.UnrecordedArtifacts(run)
	if err != nil || len(none) > 0 {
		t.Errorf("a run without artifacts: %q, %v", none, err)
	}
}
