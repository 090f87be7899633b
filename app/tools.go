package app

import (
	"context"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Tools finds the programs that scripts need. What a program said of its version is kept until its file changes, so that
// a run starts nobody just for that.
type Tools struct {
	store *store.Store

	mu     sync.RWMutex
	finder script.Finder
}

func (t *Tools) find() script.Finder {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.finder
}

func (t *Tools) use(programs script.Settings) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finder.Settings = programs
}

// Try asks the program at a path that somebody chose for a tool, whatever is set and known.
func (t *Tools) Try(ctx context.Context, kind script.Kind, path string) (script.Tool, error) {
	var chosen script.Settings
	switch kind {
	case script.AWS:
		chosen.AWS = path
	case script.Bash:
		chosen.Bash = path
	case script.PowerShell:
		chosen.PowerShell = path
	case script.WindowsPowerShell:
		chosen.WindowsPowerShell = path
	}
	return script.Finder{Settings: chosen}.Find(ctx, kind)
}

func newTools(ctx context.Context, st *store.Store, settings Settings, environ []string) *Tools {
	return &Tools{store: st, finder: script.Finder{
		Settings: settings.Programs(), Versions: toolVersions{ctx, st}, PATH: getenv(environ, "PATH"),
	}}
}

// Interpreter finds what runs scripts of a language.
func (t *Tools) Interpreter(ctx context.Context, language model.Language, edition model.Edition) (script.Tool, error) {
	kind, err := script.KindFor(language, edition)
	if err != nil {
		return script.Tool{}, err
	}
	return t.find().Find(ctx, kind)
}

// AWS finds the aws program.
func (t *Tools) AWS(ctx context.Context) (script.Tool, error) { return t.find().Find(ctx, script.AWS) }

// Find finds a program of any kind.
func (t *Tools) Find(ctx context.Context, kind script.Kind) (script.Tool, error) {
	return t.find().Find(ctx, kind)
}

// Forget makes the next look for a program ask it for its version again.
func (t *Tools) Forget(ctx context.Context) error { return t.store.ForgetToolVersions(ctx) }

// toolVersions keeps answers in the store. The finder's interface has no context, as its cache may be a plain map: this
// one lives as long as the services.
type toolVersions struct {
	ctx   context.Context //nolint:containedctx // see above
	store *store.Store
}

func (v toolVersions) Get(path string, size int64, changed time.Time) (string, bool) {
	version, ok, err := v.store.ToolVersion(v.ctx, store.ToolFile{Path: path, Size: size, Modified: changed})
	return version, ok && err == nil
}

func (v toolVersions) Put(path string, size int64, changed time.Time, version string) {
	// Without the cache the program is asked again next time.
	_ = v.store.SaveToolVersion(v.ctx, store.ToolFile{Path: path, Size: size, Modified: changed}, version)
}
