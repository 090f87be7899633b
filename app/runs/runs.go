// Package runs is what a person does with runs: see what one would do, start it, repeat it, read its log, keep it, stop it.
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

// Deps is what the service works with.
type Deps struct {
	Store  *store.Store
	Log    *slog.Logger
	Who    string                // starts the runs of this process
	Runner func() *runner.Runner // that works by the settings of this moment
	Limits func() archive.Limits // of packages and folders, as they are set now

	// FindPackage resolves a package id and a version, or a rule, to one package of the library.
	FindPackage func(ctx context.Context, id, version string) (model.Package, error)
	// Sweeping is called when removing what dead runs left takes long; nil: nobody is told.
	Sweeping func()
	// RemoveWork removes a work folder, and nobody waits for it, as tests want it; nil: the usual way.
	RemoveWork func(ctx context.Context, folder string) error
}

// Service carries out runs and tells of those before.
type Service struct {
	history
	deps     Deps
	seen     *SeenScripts
	sweep    sweep
	commands commandWatch
}

// history is what is read and written as it is stored.
type history interface {
	Runs(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
	CountRuns(ctx context.Context, filter model.RunFilter) (int, error)
	RunProjects(ctx context.Context) ([]string, error)
	Run(ctx context.Context, id int64) (model.Run, error)
	KeepRun(ctx context.Context, id int64, kept bool) error
	DeleteRun(ctx context.Context, id int64) error
	Ask(ctx context.Context, runID int64, command model.RunCommand) error
	MarkInterrupted(ctx context.Context) ([]model.Run, error)

	Project(ctx context.Context, name string) (model.Project, error)
	AWSAccount(ctx context.Context, id string) (model.AWSAccount, error)
	AWSAccounts(ctx context.Context) ([]model.AWSAccount, error)

	LogLen(ctx context.Context, stepRunID int64) (int64, error)
	ReadLog(ctx context.Context, stepRunID, from int64, count int) ([]model.LogLine, error)
	LogLines(ctx context.Context, stepRunID, from int64) iter.Seq2[model.LogLine, error]
	LogChunks(ctx context.Context, stepRunID, from int64) iter.Seq2[store.LogChunk, error]
}

// New makes the service.
func New(deps Deps) *Service {
	return &Service{history: deps.Store, deps: deps, seen: &SeenScripts{store: deps.Store}, sweep: newSweep(deps)}
}

// EndSweep stops a sweep that goes on, and waits until it has stopped.
func (s *Service) EndSweep() { s.sweep.end() }

// Close ends what goes on in the background.
func (s *Service) Close() error {
	s.EndSweep()
	return s.commands.close()
}

// Seen remembers which scripts a person at this computer has read.
func (s *Service) Seen() *SeenScripts { return s.seen }

// Runner gives the runner that works by the settings of this moment.
func (s *Service) Runner() *runner.Runner { return s.deps.Runner() }

// Plan is runner.Runner.Plan by the settings of this moment.
func (s *Service) Plan(ctx context.Context, req runner.Request) (runner.Plan, error) {
	return s.Runner().Plan(ctx, req)
}

// Preflight is runner.Runner.Preflight by the settings of this moment.
func (s *Service) Preflight(ctx context.Context, req runner.Request, o runner.PreflightOptions) (runner.Preflight, error) {
	return s.Runner().Preflight(ctx, req, o)
}

// Verify is runner.Runner.Verify by the settings of this moment.
func (s *Service) Verify(ctx context.Context, req runner.Request) (runner.Plan, []runner.Verdict, error) {
	return s.Runner().Verify(ctx, req)
}
