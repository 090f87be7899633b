// Package runs is the service for runs: previewing, starting and repeating them, reading their logs, keeping and stopping them.
package runs

import (
	"context"
	"iter"
	"log/slog"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/archive"
)

// Deps are the dependencies of the Service.
type Deps struct {
	Store  *store.Store
	Log    *slog.Logger
	Who    string                // user@host that starts the runs of this process
	Runner func() *runner.Runner // with the current settings
	Limits func() archive.Limits // current limits of packages and folders

	// FindPackage is like [library.Library.FindPackage].
	FindPackage func(ctx context.Context, id, version string) (model.Package, error)
	// Sweeping is called when the removal of what dead runs left takes long. It may be nil.
	Sweeping func()
	// RemoveWork is for tests: it removes a work folder, and Sweep doesn't wait for it. nil: runner.RemoveWorkspace.
	RemoveWork func(ctx context.Context, folder string) error
}

// Service executes runs and gives access to their history.
type Service struct {
	history
	deps     Deps
	seen     *SeenScripts
	sweep    sweep
	commands commandWatch
}

// history are the methods of the store that callers use directly.
type history interface {
	Runs(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
	CountRuns(ctx context.Context, filter model.RunFilter) (int, error)
	RunProjects(ctx context.Context) ([]string, error)
	Run(ctx context.Context, id int64) (model.Run, error)
	KeepRun(ctx context.Context, id int64, kept bool) error
	DeleteRun(ctx context.Context, id int64) error
	Ask(ctx context.Context, runID int64, command model.RunCommand) error

	Project(ctx context.Context, name string) (model.Project, error)
	AWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
	AWSAccounts(ctx context.Context) ([]model.AWSAccount, error)

	LogLen(ctx context.Context, stepRunID int64) (int64, error)
	ReadLog(ctx context.Context, stepRunID, from int64, count int) ([]model.LogLine, error)
	LogLines(ctx context.Context, stepRunID, from int64) iter.Seq2[model.LogLine, error]
	LogChunks(ctx context.Context, stepRunID, from int64) iter.Seq2[store.LogChunk, error]
}

// New returns the service.
func New(deps Deps) *Service {
	return &Service{history: deps.Store, deps: deps, seen: &SeenScripts{store: deps.Store}, sweep: newSweep(deps)}
}

// EndSweep stops a sweep in the background, and waits until it has stopped. No other can start after that.
func (s *Service) EndSweep() { s.sweep.end() }

// Close ends the work in the background.
func (s *Service) Close() error {
	s.EndSweep()
	return s.commands.close()
}

// Seen returns the memory of scripts that have been looked at on this computer.
func (s *Service) Seen() *SeenScripts { return s.seen }

// Runner returns a runner with the current settings.
func (s *Service) Runner() *runner.Runner { return s.deps.Runner() }

// Plan is [runner.Runner.Plan] with the current settings.
func (s *Service) Plan(ctx context.Context, req runner.Request) (runner.Plan, error) {
	return s.Runner().Plan(ctx, req)
}

// Preflight is [runner.Runner.Preflight] with the current settings.
func (s *Service) Preflight(ctx context.Context, req runner.Request, o runner.PreflightOptions) (runner.Preflight, error) {
	return s.Runner().Preflight(ctx, req, o)
}

// Choices is [runner.Runner.Choices] with the current settings.
func (s *Service) Choices(ctx context.Context, req runner.Request, of model.ValueName, o runner.ChoicesOptions) (runner.Choices, error) {
	return s.Runner().Choices(ctx, req, of, o)
}

// Verify is [runner.Runner.Verify] with the current settings.
func (s *Service) Verify(ctx context.Context, req runner.Request) (runner.Plan, []runner.Verdict, error) {
	return s.Runner().Verify(ctx, req)
}
