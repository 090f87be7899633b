package desktop

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

const passphraseOfTests = "correct horse battery staple"

// without returns the environment of the tests without the variables that open a vault or reach AWS, plus more.
func without(more ...string) []string {
	environ := slices.DeleteFunc(os.Environ(), func(e string) bool {
		return strings.HasPrefix(e, "STEPDECK_") || strings.HasPrefix(e, "AWS_")
	})
	return append(environ, more...)
}

// secretProject imports a project whose step needs a secret from a vault with a passphrase.
func secretProject(t *testing.T, dir string) {
	t.Helper()
	text := `stepdeck: 1
project: P
variables: [{name: Password, type: sensitive, value: {env: PW}}]
steps:
  - name: S
    aws: {account: none}
    ` + secretStep(t) + "\n"
	s, err := app.Open(t.Context(), app.Options{
		DataDir: dir, Environ: without("STEPDECK_PASSPHRASE=" + passphraseOfTests), Version: app.NewVersion("1.2.3", "abcdef"),
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "p.stepdeck")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	imp, err := s.Projects().ReadProject(t.Context(), file, func(string) (string, bool) { return "swordfish", true })
	if err == nil {
		err = s.Projects().Apply(t.Context(), []*projects.Import{imp})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// The passphrase is asked for once in a window, and its runs get the master key. That the run without the key fails shows that
// engines have no other way to open the vault.
func TestRunsGetTheMasterKeyOfTheWindow(t *testing.T) {
	dir := t.TempDir()
	secretProject(t, dir)
	asked := 0
	s, err := app.Open(t.Context(), app.Options{
		DataDir: dir, Environ: without(), Version: app.NewVersion("1.2.3", "abcdef"),
		Ask: func(context.Context, vault.Question) (string, error) { asked++; return passphraseOfTests, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := &window{ctx: t.Context(), services: s, log: discardLog(), command: engine.Options{
		Path: os.Args[0], Build: s.Version().Build(), Environ: without("STEPDECK_HOME="+dir, asCommand+"=1"),
	}}
	run := func() model.Status {
		t.Helper()
		r, err := w.Start(t.Context(), engine.Request{Project: "P"}, func(engine.Event) {})
		if err != nil {
			t.Log(err)
			return model.Failed
		}
		<-r.Done()
		record, err := s.Runs().Run(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return record.Status
	}
	if status := run(); status != model.Failed {
		t.Errorf("without the key a run is %s", status)
	}
	project, err := s.Projects().Project(t.Context(), "P")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Runs().Verify(t.Context(), runner.Request{Project: project}); err != nil { // as before each start
		t.Fatal(err)
	}
	for range 2 {
		if status := run(); status != model.Succeeded {
			t.Errorf("with the key a run is %s", status)
		}
	}
	if asked != 1 {
		t.Errorf("the passphrase was asked for %d times, want once", asked)
	}
	if err := s.Secrets().Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status := run(); status != model.Failed || asked != 1 {
		t.Errorf("after Lock a run is %s, %d questions", status, asked)
	}
}

// A command of another commit gets no key of an open vault, and the person a sentence.
func TestACommandOfAnotherCommitGetsNoKey(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a script is no program on Windows")
	}
	dir := t.TempDir()
	secretProject(t, dir)
	s, err := app.Open(t.Context(), app.Options{
		DataDir: dir, Environ: without("STEPDECK_PASSPHRASE=" + passphraseOfTests), Version: app.NewVersion("1.2.3", "abcdef"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	path, got := filepath.Join(dir, "stepdeck"), filepath.Join(dir, "got")
	fake := "#!/bin/sh\necho '{\"type\":\"ready\",\"version\":\"1.2.3\",\"commit\":\"123456\"}'\nexec head -c 1 >'" + got + "'\n"
	if err := os.WriteFile(path, []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	w := &window{ctx: t.Context(), services: s, log: discardLog(), command: engine.Options{
		Path: path, Build: s.Version().Build(), Environ: without(),
	}}
	if key, err := s.Secrets().MasterKey(t.Context()); err != nil || len(key) != 0 {
		t.Fatalf("the vault is open: %v", err)
	}
	project, err := s.Projects().Project(t.Context(), "P")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Runs().Verify(t.Context(), runner.Request{Project: project}); err != nil {
		t.Fatal(err)
	}
	if key, err := s.Secrets().MasterKey(t.Context()); err != nil || len(key) == 0 {
		t.Fatalf("the vault is not open: %v", err)
	}
	_, err = w.Start(t.Context(), engine.Request{Project: "P"}, func(engine.Event) {})
	if model.ErrorCode(err) != "engine.commit" || !strings.Contains(err.Error(), "install Stepdeck again") {
		t.Errorf("error %v", err)
	}
	if text, _ := os.ReadFile(got); len(text) > 0 {
		t.Errorf("it got %q", text)
	}
}
