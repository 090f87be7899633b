package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// TestSweepWhileOpen: a run that dies while the data is open is reported, and the secrets of its scripts are removed.
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
	if gone, err := s.Runs().Sweep(t.Context()); err != nil || len(gone) != 0 {
		t.Fatalf("a running run is reported as interrupted: %v, %v", gone, err)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("the work folder of a run that goes on: %v", err)
	}
	if err := engine.Close(); err != nil { // dies
		t.Fatal(err)
	}
	gone, err := s.Runs().Sweep(t.Context())
	if err != nil || len(gone) != 1 || gone[0].ID != run.ID {
		t.Fatalf("reported as interrupted: %v, %v", gone, err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the work folder stays: %v", err)
	}
}

// TestSweepThatTakesLong: Open doesn't wait for it, reports it, lets it go on in the background, and Close ends it.
func TestSweepThatTakesLong(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir)
	began, reports := make(chan struct{}, 8), 0
	ended := false
	endless := func(ctx context.Context, _ string) error { // as removing millions of files is
		began <- struct{}{}
		<-ctx.Done()
		ended = true
		return ctx.Err()
	}
	s, err := Open(t.Context(), Options{DataDir: dir, Sweeping: func() { reports++ }, sweep: endless})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	if reports != 1 {
		t.Errorf("reported %d times", reports)
	}
	if _, err := s.Runs().Sweep(t.Context()); err != nil || reports != 1 || len(began) > 0 {
		t.Errorf("a second one: %v, reports %d times", err, reports)
	}
	if err := s.Close(); err != nil || !ended {
		t.Errorf("closed with %v, ended %v", err, ended)
	}
	if _, err := Open(t.Context(), Options{DataDir: dir, Version: NewVersion("1.2.3", "abcdef")}); err != nil { // takes it up
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, store.WorkRoot)); len(left) > 0 {
		t.Errorf("%d work folders are left", len(left))
	}
}

// TestSweepTakesSecretsFirst: of all dead runs, before the rest of any.
func TestSweepTakesSecretsFirst(t *testing.T) {
	dir := t.TempDir()
	folders := []string{leave(t, dir), leave(t, dir)}
	began := make(chan struct{}, len(folders))
	s, err := Open(t.Context(), Options{DataDir: dir, sweep: func(context.Context, string) error {
		defer func() { began <- struct{}{} }()
		for _, f := range folders {
			if _, err := os.Stat(filepath.Join(f, "p")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("secrets are still in %s: %v", f, err)
			}
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// leave makes the work folder of a run whose engine has died.
func leave(t *testing.T, dir string) string {
	t.Helper()
	engine, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	run := model.Run{Project: "P", Who: "ana", Status: model.Running, Started: time.Now()}
	if err := engine.CreateRun(t.Context(), &run); err != nil {
		t.Fatal(err)
	}
	folder := engine.WorkFolder(run.ID, 1)
	if err := os.MkdirAll(filepath.Join(folder, "p"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}
