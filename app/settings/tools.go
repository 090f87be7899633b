package settings

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/script"
)

type (
	// Kind is a kind of program that scripts need.
	Kind = script.Kind
	// Tool is a program that was found and works.
	Tool = script.Tool
)

// The kinds of programs.
const (
	AWS               = script.AWS
	Bash              = script.Bash
	PowerShell        = script.PowerShell
	WindowsPowerShell = script.WindowsPowerShell
	Python            = script.Python
)

const toolPrefix = "tool."

// ToolKey returns the key of the setting for the path of a kind of program.
func ToolKey(kind Kind) string { return toolPrefix + string(kind) }

// toolOf is the reverse of ToolKey. ok is false for other settings.
func toolOf(key string) (kind Kind, ok bool) {
	name, ok := strings.CutPrefix(key, toolPrefix)
	return Kind(name), ok
}

// Kinds returns the programs that a system (runtime.GOOS) can have, in the order in which they are shown.
func Kinds(system string) []Kind {
	if system == "windows" {
		return []Kind{AWS, WindowsPowerShell, PowerShell, Bash, Python}
	}
	return []Kind{AWS, Bash, PowerShell, Python}
}

// HowToInstall returns how to install a kind of program on this system.
func HowToInstall(kind Kind) script.Install { return script.HowToInstall(kind) }

// Program is a program that scripts need, on this computer.
type Program struct {
	Tool
	Err error // why it was not found
}

// Name returns the program's name for people.
func (p Program) Name() string {
	if p.Kind == WindowsPowerShell {
		return "Windows PowerShell"
	}
	return string(p.Kind)
}

// Needed reports whether nearly every script needs it.
func (p Program) Needed() bool { return p.Kind == AWS }

// ShortVersion returns the version without suffixes such as that of Bash: 5.2.15(1)-release.
func (p Program) ShortVersion() string {
	version, _, _ := strings.Cut(p.Version, "(")
	return version
}

// Tools finds the programs that scripts need. It stores a program's version until its file changes, so that a run doesn't
// have to start programs just for that. It is safe for concurrent use.
type Tools struct {
	store *store.Store

	path   *searchPath
	mu     sync.RWMutex
	finder script.Finder
}

func (t *Tools) find(ctx context.Context) script.Finder {
	t.mu.RLock()
	finder := t.finder
	t.mu.RUnlock()
	finder.PATH = t.path.now(ctx)
	return finder
}

// Path returns the PATH in which programs are searched for, which scripts get too. It may have to ask the person's login shell.
func (t *Tools) Path(ctx context.Context) string { return t.path.now(ctx) }

// MissingKind returns the kind of the program that was not found, or does not work, if that is what an error says.
func MissingKind(err error) (kind Kind, ok bool) { return script.MissingKind(err) }

func (t *Tools) use(programs script.Settings) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finder.Settings = programs
}

// Try starts the program at a path to find out whether it is of a kind, independently of settings and stored versions.
func (t *Tools) Try(ctx context.Context, kind script.Kind, path string) (script.Tool, error) {
	return script.Finder{Settings: script.Settings{kind: path}}.Find(ctx, kind)
}

func newTools(ctx context.Context, st *store.Store, path *searchPath) *Tools {
	return &Tools{store: st, path: path, finder: script.Finder{Versions: toolVersions{ctx, st}}}
}

// Interpreter finds the program that runs scripts in a language.
func (t *Tools) Interpreter(ctx context.Context, language model.Language, edition model.Edition) (script.Tool, error) {
	kind, err := script.KindFor(language, edition)
	if err != nil {
		return script.Tool{}, err
	}
	return t.find(ctx).Find(ctx, kind)
}

// AWS finds the aws program.
func (t *Tools) AWS(ctx context.Context) (script.Tool, error) {
	return t.find(ctx).Find(ctx, script.AWS)
}

// Find finds a program of any kind.
func (t *Tools) Find(ctx context.Context, kind script.Kind) (script.Tool, error) {
	return t.find(ctx).Find(ctx, kind)
}

// Here looks for all programs that this system can have. It may start each of them for its version.
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

// Forget removes the stored versions and the PATH of the login shell, so that programs and shell are asked again.
func (t *Tools) Forget(ctx context.Context) error {
	return errors.Join(t.store.ForgetToolVersions(ctx), t.path.forget(ctx))
}

// toolVersions stores versions in the store. The finder's interface has no context because a cache may be a plain map; this
// one lives as long as the service.
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
