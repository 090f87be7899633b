package settings

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/script"
)

type (
	// Kind is one of the programs that scripts need.
	Kind = script.Kind
	// Tool is a program that was found and has answered.
	Tool = script.Tool
)

// The kinds of programs.
const (
	AWS               = script.AWS
	Bash              = script.Bash
	PowerShell        = script.PowerShell
	WindowsPowerShell = script.WindowsPowerShell
)

const toolPrefix = "tool."

// ToolKey is the setting that names the program of a kind.
func ToolKey(kind Kind) string { return toolPrefix + string(kind) }

// toolOf gives the kind of the program that a setting names.
func toolOf(key string) (kind Kind, ok bool) {
	name, ok := strings.CutPrefix(key, toolPrefix)
	return Kind(name), ok
}

// Kinds are the programs that a system can have, in the order in which they are shown.
func Kinds(system string) []Kind {
	if system == "windows" {
		return []Kind{AWS, WindowsPowerShell, PowerShell, Bash}
	}
	return []Kind{AWS, Bash, PowerShell}
}

// HowToInstall says how a person gets the program of a kind on this system.
func HowToInstall(kind Kind) script.Install { return script.HowToInstall(kind) }

// Program is one that scripts need, as this computer has it.
type Program struct {
	Tool
	Err error // why there is none
}

// Name is what a person calls the program.
func (p Program) Name() string {
	if p.Kind == WindowsPowerShell {
		return "Windows PowerShell"
	}
	return string(p.Kind)
}

// Needed reports whether nearly every script needs it.
func (p Program) Needed() bool { return p.Kind == AWS }

// ShortVersion is the version without what some say behind it: Bash says 5.2.15(1)-release.
func (p Program) ShortVersion() string {
	version, _, _ := strings.Cut(p.Version, "(")
	return version
}

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
	return script.Finder{Settings: script.Settings{kind: path}}.Find(ctx, kind)
}

func newTools(ctx context.Context, st *store.Store, path string) *Tools {
	return &Tools{store: st, finder: script.Finder{Versions: toolVersions{ctx, st}, PATH: path}}
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

// Here looks for all programs that this system can have. Each may take a while to answer.
func (t *Tools) Here(ctx context.Context) []Program {
	kinds := Kinds(runtime.GOOS)
	found := make([]Program, len(kinds))
	var all sync.WaitGroup
	for i, kind := range kinds {
		all.Go(func() {
			tool, err := t.Find(ctx, kind)
			tool.Kind = kind
			found[i] = Program{tool, err}
		})
	}
	all.Wait()
	return found
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
