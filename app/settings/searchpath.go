package settings

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/script"
)

// loginPathKey is the key of the PATH of the person's login shell, with the time at which it was asked for. Each run has a process
// of its own, which must not have to wait for a shell.
const loginPathKey = "path.login"

// loginPathAge is how long the answer of a login shell is valid.
const loginPathAge = 24 * time.Hour

// searchPath is the PATH in which programs are searched for and that scripts get: the one that this process has inherited, as it
// is now. Where a desktop starts programs with the folders of the system alone, it begins with that of the login shell.
type searchPath struct {
	store     *store.Store
	log       *slog.Logger
	inherited string
	needed    func(inherited string) bool // as script.NeedsLoginPath
	ask       func(ctx context.Context) (string, error)
	time      func() time.Time

	mu    sync.Mutex
	login string // as known; empty: not asked yet
	asked bool
}

func newSearchPath(d Deps) *searchPath {
	shell := d.Shell
	if shell == "" {
		shell = "/bin/zsh" // of new accounts of macOS
	}
	return &searchPath{
		store: d.Store, log: d.Log, inherited: d.Path, needed: script.NeedsLoginPath, time: time.Now,
		ask: func(ctx context.Context) (string, error) { return script.LoginPath(ctx, shell, d.Environ) },
	}
}

// now returns the PATH. It can take some seconds, for the first time in a day.
func (p *searchPath) now(ctx context.Context) string {
	path := script.CurrentPath(p.inherited)
	if !p.needed(p.inherited) {
		return path
	}
	return script.MergePaths(p.loginPath(context.WithoutCancel(ctx)), path)
}

// loginPath returns the PATH of the login shell; empty if it could not be found out.
func (p *searchPath) loginPath(ctx context.Context) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked {
		return p.login
	}
	p.asked = true
	if stored, fresh := p.stored(ctx); fresh {
		p.login = stored
		return p.login
	}
	path, err := p.ask(ctx)
	if err != nil {
		p.log.WarnContext(ctx, "ask the login shell for its PATH", "error", err)
		return ""
	}
	p.login = path
	if err := p.store.SaveSettings(ctx, map[string]string{loginPathKey: p.time().UTC().Format(time.RFC3339) + " " + path}); err != nil {
		p.log.WarnContext(ctx, "keep the PATH of the login shell", "error", err)
	}
	return path
}

// stored returns the last answer. fresh is false if it is too old, or none.
func (p *searchPath) stored(ctx context.Context) (path string, fresh bool) {
	all, err := p.store.Settings(ctx)
	if err != nil {
		return "", false
	}
	at, path, _ := strings.Cut(all[loginPathKey], " ")
	asked, err := time.Parse(time.RFC3339, at)
	age := p.time().Sub(asked)
	return path, err == nil && path != "" && age >= 0 && age < loginPathAge
}

// forget has the login shell asked again.
func (p *searchPath) forget(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.asked && !p.needed(p.inherited) {
		return nil
	}
	p.asked, p.login = false, ""
	return p.store.SaveSettings(ctx, map[string]string{loginPathKey: ""})
}
