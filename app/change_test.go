package app

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

func openHere(t *testing.T) *Services {
	t.Helper()
	s, err := Open(t.Context(), Options{
		DataDir: t.TempDir(), Version: NewVersion("1.2.3", "abcdef"), Environ: []string{"STEPDECK_PASSPHRASE=test", "PATH=" + os.Getenv("PATH")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// folderRun records a run of a step in a folder, which Again looks into.
func folderRun(t *testing.T, s *Services) int64 {
	t.Helper()
	folder := t.TempDir()
	step := model.NewStep("S")
	step.AWS.Account = model.NoAccount
	step.Script = model.Script{Source: model.SourceFolder, Folder: folder, File: "run.sh"}
	p := model.Project{Name: "P", Steps: []model.Step{step}}
	if _, err := s.Store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	run := model.Run{Project: "P", Who: "ana", Status: model.Running, Started: time.Now(), Steps: []model.StepRun{{
		Number: 1, Attempt: 1, StepID: p.Steps[0].ID, Step: "S", Status: model.Queued,
		Inputs: model.Inputs{Source: model.SourceFolder, Folder: folder, File: "run.sh"},
	}}}
	if err := s.Store.CreateRun(t.Context(), &run); err != nil {
		t.Fatal(err)
	}
	return run.ID
}

// Whatever uses the settings may do so while they change. Run with -race.
func TestSettingsChangeWhileTheyAreUsed(t *testing.T) {
	s := openHere(t)
	id := folderRun(t, s)
	use := map[string]func(context.Context){
		"now":             func(context.Context) { _ = s.Now().PackageLimits() },
		"again":           func(ctx context.Context) { _, _ = s.Again(ctx, id, true) }, // what the folder holds does not matter
		"test an account": func(ctx context.Context) { _, _ = s.TestAccount(ctx, model.InstanceRole) },
		"try an account": func(ctx context.Context) {
			_, _ = s.TryAccount(ctx, model.Account{Kind: model.KindAccessKey, Endpoint: "http://127.0.0.1:9"}, model.AccountSecrets{})
		},
		"plan": func(ctx context.Context) {
			if _, err := s.Plan(ctx, runner.Request{Project: model.Project{Name: "P"}}); err == nil {
				t.Error("a project without steps has a plan")
			}
		},
	}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, do := range use {
		all.Go(func() {
			for ctx.Err() == nil {
				one, stop := context.WithTimeout(ctx, 20*time.Millisecond)
				do(one)
				stop()
			}
		})
	}
	for i := range 40 {
		theme := []string{"light", "dark"}[i%2]
		if err := s.Set(t.Context(), SettingTheme, theme); err != nil {
			t.Error(err)
		}
		if got := s.Now().Get(SettingTheme); got != theme {
			t.Errorf("the theme is %q, want %q", got, theme)
		}
	}
	cancel()
	all.Wait()
}

// That one run of a process has looked for commands must not hide those to another one.
func TestCommandsReachEachRunOfAProcess(t *testing.T) {
	ctx := t.Context()
	s := openHere(t)
	r := &recorder{Store: s.Store, services: s}
	first, second := folderRun(t, s), folderRun(t, s)
	for _, id := range []int64{first, second} { // the first look of all opens the watch
		if c, err := r.TakeCommands(ctx, id); err != nil || len(c) != 0 {
			t.Fatalf("run %d has commands %v, %v", id, c, err)
		}
	}
	if err := s.Store.Ask(ctx, second, model.StopRun); err != nil {
		t.Fatal(err)
	}
	if c, err := r.TakeCommands(ctx, first); err != nil || len(c) != 0 {
		t.Errorf("the other run has commands %v, %v", c, err)
	}
	if c, err := r.TakeCommands(ctx, second); err != nil || len(c) != 1 {
		t.Errorf("the run that was asked to stop has commands %v, %v", c, err)
	}
}

// Run with -race.
func TestCommandsAreLookedForFromManyGoroutines(t *testing.T) {
	s := openHere(t)
	id := folderRun(t, s)
	r := &recorder{Store: s.Store, services: s}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				if _, err := r.TakeCommands(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if c, err := r.TakeCommands(t.Context(), id); err != nil || len(c) != 0 {
		t.Errorf("after the end there are commands %v, %v", c, err)
	}
}
