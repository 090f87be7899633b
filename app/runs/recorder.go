package runs

import (
	"context"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
)

// Recorder returns the recorder of runs. It reads the commands to them only after the store has changed.
func (s *Service) Recorder() runner.Recorder { return recorder{s.deps.Store, &s.commands} }

type recorder struct {
	*store.Store
	commands *commandWatch
}

// TakeCommands implements runner.Recorder. As long as it is called, the engine is alive.
func (r recorder) TakeCommands(ctx context.Context, runID int64) ([]model.RunCommand, error) {
	r.Beat(runID, time.Now())
	return r.commands.take(ctx, r.Store, runID)
}

// History returns the history of runs for a preflight.
func (s *Service) History() runner.History { return runHistory{s.deps.Store} }

type runHistory struct{ *store.Store }

// RecentRuns implements runner.History.
func (h runHistory) RecentRuns(ctx context.Context, project string, limit int) ([]model.Run, error) {
	return h.Runs(ctx, model.RunFilter{Project: project, Limit: limit})
}

// RunningRuns implements runner.History.
func (h runHistory) RunningRuns(ctx context.Context, project string) ([]model.Run, error) {
	return h.Runs(ctx, model.RunFilter{Project: project, Status: model.Running})
}

// KnownAWSAccount implements runner.History.
func (h runHistory) KnownAWSAccount(ctx context.Context, id string) (model.AWSAccount, error) {
	return h.AWSAccount(ctx, id)
}
