package app

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/archive"
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
	if _, err := s.store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	run := model.Run{Project: "P", Who: "ana", Status: model.Running, Started: time.Now(), Steps: []model.StepRun{{
		Number: 1, Attempt: 1, StepID: p.Steps[0].ID, Step: "S", Status: model.Queued,
		Inputs: model.Inputs{Source: model.SourceFolder, Folder: folder, File: "run.sh"},
	}}}
	if err := s.store.CreateRun(t.Context(), &run); err != nil {
		t.Fatal(err)
	}
	return run.ID
}

// Whatever uses the settings may do so while they change. Run with -race.
func TestSettingsChangeWhileTheyAreUsed(t *testing.T) {
	s := openHere(t)
	id := folderRun(t, s)
	use := map[string]func(context.Context){
		"now":             func(context.Context) { _ = s.Settings().Now().PackageLimits() },
		"again":           func(ctx context.Context) { _, _ = s.Runs().Again(ctx, id, true) }, // what the folder holds does not matter
		"test an account": func(ctx context.Context) { _, _ = s.Accounts().Test(ctx, model.InstanceRole) },
		"try an account": func(ctx context.Context) {
			_, _ = s.Accounts().Try(ctx, model.Account{Kind: model.KindAccessKey, Endpoint: "http://127.0.0.1:9"}, model.AccountSecrets{})
		},
		"plan": func(ctx context.Context) {
			if _, err := s.Runs().Plan(ctx, runner.Request{Project: model.Project{Name: "P"}}); err == nil {
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
		if err := s.Settings().Set(t.Context(), settings.Theme, theme); err != nil {
			t.Error(err)
		}
		if got := s.Settings().Now().Get(settings.Theme); got != theme {
			t.Errorf("the theme is %q, want %q", got, theme)
		}
	}
	cancel()
	all.Wait()
}

func TestSet(t *testing.T) {
	ctx := t.Context()
	s := openHere(t)
	bash, err := s.Settings().Tools().Find(ctx, settings.Bash)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Settings().Set(ctx, settings.ToolKey(settings.Bash), "/nonexistent/bash"); err == nil ||
		isSet(s, settings.ToolKey(settings.Bash)) {
		t.Errorf("a program that is not there was taken: %v", err)
	}
	if err := s.Settings().Set(ctx, settings.ToolKey(settings.Bash), " "+bash.Path+" "); err != nil ||
		s.Settings().Now().Get(settings.ToolKey(settings.Bash)) != bash.Path {
		t.Errorf("set to %q, %v", s.Settings().Now().Get(settings.ToolKey(settings.Bash)), err)
	}
	if err := s.Settings().Set(ctx, archive.SettingFileBytes, "10"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir() + "/Big.1.0.0.zip"
	if err := os.WriteFile(dir, []byte(strings.Repeat("x", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Library().Import(ctx, dir, library.ImportOptions{}); model.ErrorCode(err) != "archive.large" {
		t.Errorf("the new limit is not kept: %v", err)
	}
	if err := s.Settings().Set(ctx, archive.SettingFileBytes, ""); err != nil || isSet(s, archive.SettingFileBytes) {
		t.Errorf("not its default again: %v", err)
	}
	for key, value := range map[string]string{archive.SettingDepth: "none", "tool.awk": "x", settings.Theme: "pink"} {
		if err := s.Settings().Set(ctx, key, value); err == nil {
			t.Errorf("%s = %s was taken", key, value)
		}
	}
}

func isSet(s *Services, key string) bool {
	return slices.ContainsFunc(s.Settings().Now().List(), func(one settings.Setting) bool { return one.Key == key && one.Value != "" })
}
