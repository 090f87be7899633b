package settings

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestThePathBeginsWithTheLoginShells(t *testing.T) {
	ctx := t.Context()
	st, err := store.Open(ctx, store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	now, asked := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC), 0
	answer, failure := "/opt/homebrew/bin:/usr/bin", error(nil)
	process := func(needed bool) *searchPath {
		p := newSearchPath(Deps{Store: st, Log: slog.New(slog.DiscardHandler), Path: "/usr/bin:/bin"})
		p.needed, p.time = func(string) bool { return needed }, func() time.Time { return now }
		p.ask = func(context.Context) (string, error) { asked++; return answer, failure }
		return p
	}
	want := func(p *searchPath, path string, times int) {
		t.Helper()
		if got := p.now(ctx); got != path || asked != times {
			t.Errorf("the PATH is %q after %d questions, want %q after %d", got, asked, path, times)
		}
	}
	want(process(false), "/usr/bin:/bin", 0) // of a terminal: in its own order
	failure = errors.New("it hangs")
	first := process(true)
	want(first, "/usr/bin:/bin", 1)
	want(first, "/usr/bin:/bin", 1) // not asked again in this process
	failure = nil
	second := process(true)
	want(second, "/opt/homebrew/bin:/usr/bin:/bin", 2)
	want(second, "/opt/homebrew/bin:/usr/bin:/bin", 2)
	want(process(true), "/opt/homebrew/bin:/usr/bin:/bin", 2) // that of a run needs no shell
	answer = "/new"
	now = now.Add(loginPathAge)
	want(process(true), "/new:/usr/bin:/bin", 3)
	answer = "/newer"
	fourth := process(true)
	want(fourth, "/new:/usr/bin:/bin", 3)
	tools := newTools(ctx, st, fourth)
	if err := tools.Forget(ctx); err != nil { // Check again
		t.Fatal(err)
	}
	want(fourth, "/newer:/usr/bin:/bin", 4)
	if path := tools.find(ctx).PATH; path != "/newer:/usr/bin:/bin" {
		t.Errorf("programs are searched for in %q", path)
	}
}

func TestAnErrorOfAMissingToolTellsItsKind(t *testing.T) {
	tools := &Tools{finder: script.Finder{}, path: newSearchPath(Deps{Path: t.TempDir()})}
	tools.use(script.Settings{Bash: "/nonexistent/bash"})
	_, err := tools.Find(t.Context(), Bash)
	if kind, ok := MissingKind(err); !ok || kind != Bash {
		t.Errorf("%v is of %q, %v", err, kind, ok)
	}
	if _, ok := MissingKind(errors.New("other")); ok {
		t.Error("any error is one of a tool")
	}
}
