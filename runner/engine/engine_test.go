package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// What this test program is, beside a test program.
const (
	asCommand = "STEPDECK_TEST_AS_COMMAND"
	asWindow  = "STEPDECK_TEST_AS_WINDOW" // starts a run, says its number, and waits to be killed
)

// ours is the build that this test program says to be of as a command.
func ours() engine.Build { return engine.Build{Version: "1.2.3", Commit: "abcdef"} }

func TestMain(m *testing.M) {
	if exit, asked := command.Supervise(os.Args, "1.2.3", "abcdef"); asked {
		os.Exit(exit)
	}
	switch {
	case os.Getenv(asWindow) != "":
		window()
	case os.Getenv(asCommand) != "":
		os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], "1.2.3", "abcdef"))
	}
	os.Exit(m.Run())
}

// window starts a run of project P and then hangs.
func window() {
	var environ []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, asWindow+"=") {
			environ = append(environ, e)
		}
	}
	e := engine.New(engine.Options{Path: os.Args[0], Build: ours(), Environ: append(environ, asCommand+"=1")})
	if _, err := e.Start(context.Background(), engine.Request{Project: "P"}, func(engine.Event) {}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("started")
	time.Sleep(time.Hour)
}

// world is a data folder with one project in it.
type world struct {
	t       *testing.T
	home    string
	environ []string
	engine  *engine.Engine
}

func newWorld(t *testing.T, script string) *world {
	t.Helper()
	w := &world{t: t, home: filepath.Join(t.TempDir(), "data")}
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "AWS_") && !strings.HasPrefix(e, "STEPDECK_") && !strings.HasPrefix(e, "HOME=") {
			w.environ = append(w.environ, e)
		}
	}
	w.environ = append(w.environ, "STEPDECK_HOME="+w.home, "STEPDECK_PASSPHRASE=correct horse battery staple", "HOME="+t.TempDir(),
		asCommand+"=1")
	w.engine = engine.New(engine.Options{Path: os.Args[0], Build: ours(), Environ: w.environ})
	text := `stepdeck: 1
project: P
variables:
  - {name: Count, type: text, value: "1"}
  - {name: Password, type: sensitive}
steps:
  - name: Only
    aws: {account: none}
    script:
      language: bash
      body: |
`
	for line := range strings.Lines(script) {
		text += "        " + line
	}
	file := filepath.Join(t.TempDir(), "p.stepdeck")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.command("import", "--yes", file)
	return w
}

// command runs the command to its end.
func (w *world) command(args ...string) string {
	w.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = w.environ
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("stepdeck %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// store opens the data as another process would.
func (w *world) store() *store.Store {
	w.t.Helper()
	st, err := store.Open(w.t.Context(), store.Options{Dir: w.home})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = st.Close() })
	return st
}

// ear collects events.
type ear struct {
	mu     sync.Mutex
	events []engine.Event
}

func (e *ear) hear(ev engine.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = append(e.events, ev)
}

func (e *ear) heard(is func(engine.Event) bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.ContainsFunc(e.events, is)
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("waited in vain: %s", what)
}

func ended(t *testing.T, r *engine.Run) {
	t.Helper()
	select {
	case <-r.Done():
	case <-time.After(90 * time.Second):
		t.Fatal("the run does not end")
	}
}

func TestAllEventsOfARunAreReceived(t *testing.T) {
	w := newWorld(t, `echo "count $(get_octopusvariable Count)"; [ "$(get_octopusvariable Password)" = 'p=1 "&$x' ] && echo same`)
	var e ear
	r, err := w.engine.Start(t.Context(), engine.Request{
		Project: "P", RunOptions: model.RunOptions{Given: []model.Given{model.NewGiven("Count", "7"), model.NewGiven("Password", `p=1 "&$x`)}},
	}, e.hear)
	if err != nil {
		t.Fatal(err)
	}
	ended(t, r)
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	var kinds []string
	for _, ev := range e.events {
		if n := len(kinds); n == 0 || kinds[n-1] != ev.Kind() {
			kinds = append(kinds, ev.Kind())
		}
	}
	if want := []string{"run", "identity", "step", "lines", "stepresult", "result"}; !slices.Equal(kinds, want) {
		t.Errorf("heard %v, want %v", kinds, want)
	}
	if last, ok := e.events[len(e.events)-1].(engine.RunFinished); !ok || last.Status != model.Succeeded || last.ID != r.ID {
		t.Errorf("the result is %+v", last)
	}
	st := w.store()
	run, err := st.Run(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := st.ReadLog(t.Context(), run.Steps[0].ID, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, l := range lines {
		text = append(text, l.Text)
	}
	if !slices.Contains(text, "count 7") || !slices.Contains(text, "same") {
		t.Errorf("the log is %q", text)
	}
}

func TestStopAndKill(t *testing.T) {
	const stubborn = "trap '' TERM INT\necho here\nwhile :; do sleep 0.1; done"
	for _, row := range []struct {
		name string
		end  func(*engine.Run, *store.Store) error
	}{
		{"kill by its input", func(r *engine.Run, _ *store.Store) error { return r.Kill() }},
		{"stop by its input", func(r *engine.Run, _ *store.Store) error { return r.Stop() }},
		{"stop through the store", func(r *engine.Run, s *store.Store) error { return s.Ask(context.Background(), r.ID, model.StopRun) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, stubborn)
			var e ear
			r, err := w.engine.Start(t.Context(), engine.Request{Project: "P"}, e.hear)
			if err != nil {
				t.Fatal(err)
			}
			until(t, "a line", func() bool { return e.heard(func(ev engine.Event) bool { return ev.Kind() == "lines" }) })
			st := w.store()
			if err := row.end(r, st); err != nil {
				t.Fatal(err)
			}
			ended(t, r)
			if !e.heard(func(ev engine.Event) bool { s, ok := ev.(engine.Stopping); return ok && s.Stage == model.StopForced }) {
				t.Errorf("no forced end was told: %+v", e.events)
			}
			if run, err := st.Run(t.Context(), r.ID); err != nil || run.Status != model.Stopped {
				t.Errorf("the run is %s, %v", run.Status, err)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld(t, "echo hi")
	for _, row := range []struct {
		name string
		req  engine.Request
		want string
	}{
		{"unknown project", engine.Request{Project: "Q"}, `"Q"`},
		{"a name that looks like a flag", engine.Request{Project: "--json"}, `"--json"`},
		{"unknown step", engine.Request{Project: "P", RunOptions: model.RunOptions{Steps: []string{"Onlyy"}}}, `"Only"`},
		{"unknown value", engine.Request{
			Project: "P", RunOptions: model.RunOptions{Given: []model.Given{model.NewGiven("Cuont", "1")}},
		}, `"Count"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.engine.Start(t.Context(), row.req, func(engine.Event) {})
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want one with %s", err, row.want)
			}
		})
	}
}

func TestARunOutlivesTheWindow(t *testing.T) {
	flag := filepath.Join(t.TempDir(), "go")
	w := newWorld(t, "echo begun\nwhile [ ! -e '"+flag+"' ]; do sleep 0.1; done\nfor i in 1 2 3; do echo after; done")
	window := exec.Command(os.Args[0])
	window.Env = append(slices.Clone(w.environ), asWindow+"=1")
	out, err := window.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := window.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 100)
	n, _ := out.Read(said)
	if err := window.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = window.Wait()
	if strings.TrimSpace(string(said[:n])) != "started" {
		t.Fatalf("the window said %q", said[:n])
	}
	st := w.store()
	if marked, err := st.MarkInterrupted(t.Context()); err != nil || len(marked) > 0 {
		t.Fatalf("the run died with the window: %v, %v", marked, err)
	}
	if err := os.WriteFile(flag, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var run model.Run
	until(t, "the end of the run", func() bool {
		run, err = st.Run(t.Context(), 1)
		return err == nil && run.Status.Over()
	})
	if run.Status != model.Succeeded || run.Steps[0].Lines < 4 {
		t.Errorf("the run ended as %s with %d lines: %s", run.Status, run.Steps[0].Lines, run.Message)
	}
}

func TestAStartCanBeGivenUp(t *testing.T) {
	w := newWorld(t, "echo hi")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := w.engine.Start(ctx, engine.Request{Project: "P"}, func(engine.Event) {})
	if r == nil && !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// fakeEngine is an engine that does as the script says, in a folder of its own.
func fakeEngine(t *testing.T, build engine.Build, script string) (e *engine.Engine, dir string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a script is no program on Windows")
	}
	dir = t.TempDir()
	path := filepath.Join(dir, "stepdeck")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return engine.New(engine.Options{Path: path, Build: build, Environ: os.Environ(), Dir: dir}), dir
}

// secretRequest has secrets that are more than a pipe holds.
func secretRequest() engine.Request {
	return engine.Request{
		Project: "P", MasterKey: model.NewSecret("sw0rdf1sh"),
		RunOptions: model.RunOptions{Given: []model.Given{model.NewGiven("Long", strings.Repeat("x", 1<<20))}},
	}
}

// An engine that ends without having read what it is handed does not hold up the start.
func TestAnEngineThatReadsNothing(t *testing.T) {
	e, _ := fakeEngine(t, ours(), `echo '{"type":"ready","version":"1.2.3","commit":"abcdef"}'`)
	_, err := e.Start(t.Context(), secretRequest(), func(engine.Event) {})
	if model.ErrorCode(err) != "engine.refused" {
		t.Errorf("error %v", err)
	}
}

// The secrets of a run go to an engine of this program's build alone, whatever the file was when it was checked at the start.
func TestOnlyAnEngineOfTheSameBuildGetsSecrets(t *testing.T) {
	ready := func(version, commit string) string {
		return `{"type":"ready","version":"` + version + `","commit":"` + commit + `"}`
	}
	for name, row := range map[string]struct {
		ours engine.Build
		says string
		code string // of the error; an engine that got the secrets ends without a run
		got  string // the first 15 bytes
	}{
		"the same":               {ours(), ready("1.2.3", "abcdef"), "engine.refused", `{"type":"secret`},
		"it knows no commit":     {ours(), ready("1.2.3", engine.NoCommit), "engine.refused", `{"type":"secret`},
		"we know no commit":      {engine.Build{Version: "1.2.3"}, ready("1.2.3", "abcdef"), "engine.refused", `{"type":"secret`},
		"another commit":         {ours(), ready("1.2.3", "123456"), "engine.commit", ""},
		"the same tree, changed": {ours(), ready("1.2.3", "abcdef-dirty-12345678"), "engine.commit", ""},
		"another version":        {ours(), ready("1.2.4", "abcdef"), "engine.version", ""},
		"it says nothing":        {ours(), "", "", `{"type":"kill"}`},
		"it says something else": {ours(), `{"type":"lines","step":1,"upTo":1}`, "", `{"type":"kill"}`},
	} {
		t.Run(name, func(t *testing.T) {
			e, dir := fakeEngine(t, row.ours, "echo '"+row.says+"'\nexec head -c 15 >got")
			ctx, giveUp := context.WithCancel(t.Context())
			defer giveUp()
			if row.says == "" {
				giveUp()
			}
			_, err := e.Start(ctx, secretRequest(), func(engine.Event) { giveUp() })
			if code := model.ErrorCode(err); code != row.code || err == nil {
				t.Errorf("error %q: %v", code, err)
			}
			if got, _ := os.ReadFile(filepath.Join(dir, "got")); string(got) != row.got {
				t.Errorf("it got %q, want %q", got, row.got)
			}
		})
	}
}

// What the person is told names both builds and the way out.
func TestAnotherBuildIsNamed(t *testing.T) {
	e, _ := fakeEngine(t, ours(), `echo '{"type":"ready","version":"1.2.3","commit":"123456"}'; exec cat`)
	_, err := e.Start(t.Context(), secretRequest(), func(engine.Event) {})
	for _, word := range []string{"1.2.3", "abcdef", "123456", e.Path(), "install Stepdeck again"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not say %q", err, word)
		}
	}
}

func TestCheck(t *testing.T) {
	check := func(path string, build engine.Build) string {
		e := engine.New(engine.Options{Path: path, Build: build, Environ: append(os.Environ(), asCommand+"=1")})
		return model.ErrorCode(e.Check(t.Context()))
	}
	for name, row := range map[string]struct {
		path  string
		build engine.Build
		code  string
	}{
		"ours":            {os.Args[0], ours(), ""},
		"no commit":       {os.Args[0], engine.Build{Version: "1.2.3", Commit: engine.NoCommit}, ""},
		"another version": {os.Args[0], engine.Build{Version: "1.2.4", Commit: "abcdef"}, "engine.version"},
		"another commit":  {os.Args[0], engine.Build{Version: "1.2.3", Commit: "123456"}, "engine.commit"},
		"another program": {"/bin/echo", ours(), "engine.broken"},
	} {
		t.Run(name, func(t *testing.T) {
			if code := check(row.path, row.build); code != row.code {
				t.Errorf("code %q, want %q", code, row.code)
			}
		})
	}
}

func TestLocate(t *testing.T) {
	dir := t.TempDir()
	self := filepath.Join(dir, "stepdeck-window")
	if err := os.WriteFile(self, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Locate(self); model.ErrorCode(err) != "engine.missing" || !strings.Contains(err.Error(), dir) {
		t.Errorf("none there: %v", err)
	}
	name := map[bool]string{true: "stepdeck.exe", false: "stepdeck"}[filepath.Separator == '\\']
	want, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	want = filepath.Join(want, name)
	if err := os.WriteFile(want, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(self, link); err != nil {
		t.Skip(err)
	}
	if got, err := engine.Locate(link); err != nil || got != want {
		t.Errorf("found %q, %v, want %q", got, err, want)
	}
}
