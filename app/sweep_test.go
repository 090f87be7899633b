package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// TestSweepWhileOpen: a run that dies while somebody has the data open is told of, and what its scripts were given goes.
func TestSweepWhileOpen(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{DataDir: dir, Version: NewVersion("1.2.3", "abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	engine, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	run := model.Run{Project: "P", Who: "ana", Status: model.Running, Started: time.Now()}
	if err := engine.CreateRun(t.Context(), &run); err != nil {
		t.Fatal(err)
	}
	folder := engine.WorkFolder(run.ID, 1)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "variables"), []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if gone, err := s.Sweep(t.Context()); err != nil || len(gone) != 0 {
		t.Fatalf("a run that goes on is told to be gone: %v, %v", gone, err)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("the work folder of a run that goes on: %v", err)
	}
	if err := engine.Close(); err != nil { // dies
		t.Fatal(err)
	}
	gone, err := s.Sweep(t.Context())
	if err != nil || len(gone) != 1 || gone[0].ID != run.ID {
		t.Fatalf("told to be gone: %v, %v", gone, err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the work folder stays: %v", err)
	}
}
