package settings

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/stepdeck/stepdeck/model/store"
)

// Deps is what the service works with.
type Deps struct {
	Store   *store.Store
	Path    string  // where programs are searched for, as in PATH
	Version string  // of this program
	Updates Updates // where newer versions are asked for
	Log     *slog.Logger
	// Changed makes everything work by these settings from now on.
	Changed func(Values)
}

// Service keeps the settings. Any goroutine may use it, also while they change.
type Service struct {
	deps    Deps
	tools   *Tools
	current atomic.Pointer[Values]
	loading sync.Mutex // so that what was read last is what stays
}

// New makes the service, which is ready once Load was called. ctx is the life of what it keeps of programs.
func New(ctx context.Context, deps Deps) *Service {
	return &Service{deps: deps, tools: newTools(ctx, deps.Store, deps.Path)}
}

// Tools finds the programs that scripts need.
func (s *Service) Tools() *Tools { return s.tools }

// Now gives what is set at this moment.
func (s *Service) Now() Values { return *s.current.Load() }

// List lists every setting with what is set at this moment.
func (s *Service) List() []Setting { return s.Now().List() }

// Set changes a setting for this process, and for every later one; an empty value is its default again. A program that is
// named has to answer first.
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

// Load takes the settings as they are stored.
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

// Kept gives all that is stored: settings, and what a face keeps for itself, such as the size of its window.
func (s *Service) Kept(ctx context.Context) (map[string]string, error) {
	return s.deps.Store.Settings(ctx)
}

// Keep stores values as they are, for later processes.
func (s *Service) Keep(ctx context.Context, values map[string]string) error {
	return s.deps.Store.SaveSettings(ctx, values)
}
