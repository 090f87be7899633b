package runs

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
)

// Recorder keeps runs in the store. It looks for commands to them only after something changed there.
func (s *Service) Recorder() runner.Recorder { return recorder{s.deps.Store, &s.commands} }

type recorder struct {
	*store.Store
	commands *commandWatch
}

// TakeCommands gives what others ask of a run.
func (r recorder) TakeCommands(ctx context.Context, runID int64) ([]model.RunCommand, error) {
	return r.commands.take(ctx, r.Store, runID)
}

// History tells the preflight of a run what was before it.
func (s *Service) History() runner.History { return past{s.deps.Store} }

type past struct{ *store.Store }

// RecentRuns implements runner.History.
func (h past) RecentRuns(ctx context.Context, project string, limit int) ([]model.Run, error) {
	return h.Runs(ctx, model.RunFilter{Project: project, Limit: limit})
}

// RunningRuns implements runner.History.
func (h past) RunningRuns(ctx context.Context, project string) ([]model.Run, error) {
	return h.Runs(ctx, model.RunFilter{Project: project, Status: model.Running})
}

// KnownAWSAccount implements runner.History.
func (h past) KnownAWSAccount(ctx context.Context, id string) (model.AWSAccount, error) {
	return h.AWSAccount(ctx, id)
}
