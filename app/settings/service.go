package settings

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/stepdeck/stepdeck/model/store"
)

// Deps are the dependencies of the Service.
type Deps struct {
	Store   *store.Store
	Path    string   // the PATH of this process
	Shell   string   // the person's login shell; empty: the system's
	Environ []string // of this process, for the login shell
	Version string   // of this program
	Updates Updates
	Log     *slog.Logger
	// Changed is called with the new settings after each Load.
	Changed func(Values)
}

// Service manages the settings. It is safe for concurrent use.
type Service struct {
	deps    Deps
	tools   *Tools
	current atomic.Pointer[Values]
	loading sync.Mutex // so that an older result of reading doesn't replace a newer one
}

// New returns the service. Load must be called before it is used. ctx is the context for the stored versions of programs,
// and must last as long as the service.
func New(ctx context.Context, deps Deps) *Service {
	return &Service{deps: deps, tools: newTools(ctx, deps.Store, newSearchPath(deps))}
}

// Tools returns the finder of programs that scripts need.
func (s *Service) Tools() *Tools { return s.tools }

// Now returns the current settings.
func (s *Service) Now() Values { return *s.current.Load() }

// List returns every setting with its current value.
func (s *Service) List() []Setting { return s.Now().List() }

// Set changes a setting for this process and later ones; an empty value restores the default. If it is the path of a program,
// it first checks that the program works.
func (s *Service) Set(ctx context.Context, key, value string) error {
	value = strings.TrimSpace(value)
	if err := Check(key, value); err != nil {
		return err
	}
	if kind, ok := toolOf(key); ok && value != "" {
		if _, err := s.tools.Try(ctx, kind, value); err != nil {
			return err
		}
	}
	if err := s.Keep(ctx, map[string]string{key: value}); err != nil {
		return err
	}
	return s.Load(ctx)
}

// Load reads the stored settings and applies them.
func (s *Service) Load(ctx context.Context) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	stored, err := s.Kept(ctx)
	if err != nil {
		return err
	}
	now := Values{stored}
	s.tools.use(now.Programs())
	s.current.Store(&now)
	s.deps.Changed(now)
	return nil
}

// Kept returns everything that is stored: settings, and values of the user interface, such as the size of its window.
func (s *Service) Kept(ctx context.Context) (map[string]string, error) {
	return s.deps.Store.Settings(ctx)
}

// Keep stores values without checking or applying them.
func (s *Service) Keep(ctx context.Context, values map[string]string) error {
	return s.deps.Store.SaveSettings(ctx, values)
}
