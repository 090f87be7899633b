package runs

import (
	"context"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// sweepPatience is how long Sweep waits for the removal of work folders, which may contain very many files.
const sweepPatience = 2 * time.Second

// sweep removes work folders in the background, one after another.
type sweep struct {
	patience time.Duration
	remove   func(ctx context.Context, folder string) error
	onSlow   func() // called when the removal takes longer than patience
	end      func() // stops it and waits until it has stopped

	ctx  context.Context //nolint:containedctx // it outlives the call that started it
	busy chan struct{}   // full during a removal
}

func newSweep(deps Deps) sweep {
	s := sweep{patience: sweepPatience, remove: runner.RemoveWorkspace, onSlow: deps.Sweeping, busy: make(chan struct{}, 1)}
	if deps.RemoveWork != nil {
		s.patience, s.remove = 0, deps.RemoveWork
	}
	if s.onSlow == nil {
		s.onSlow = func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	s.end = sync.OnceFunc(func() {
		cancel()
		s.busy <- struct{}{} // never emptied again
	})
	return s
}

// MarkInterrupted marks runs whose engine died as interrupted and returns them. It ends what their scripts have left running, and
// removes what was not recorded of their artifacts.
func (s *Service) MarkInterrupted(ctx context.Context) ([]model.Run, error) {
	interrupted, err := s.deps.Store.MarkInterrupted(ctx)
	for _, run := range interrupted {
		s.endStrays(ctx, run)
		s.removeUnrecorded(ctx, run)
	}
	return interrupted, err
}

// endStrays ends the processes of the steps that an interrupted run was at. The supervisor has done so, unless it was killed too.
func (s *Service) endStrays(ctx context.Context, run model.Run) {
	for _, step := range run.Steps {
		if step.Status != model.Interrupted {
			continue
		}
		if ended, left := runner.EndStrays(s.deps.Store.WorkFolder(run.ID, step.Number)); ended > 0 || len(left) > 0 {
			s.deps.Log.WarnContext(ctx, "the script of an interrupted run was still running", "run", run.ID, "step", step.Number, "ended", ended,
				"left", left)
		}
	}
}

// Sweep marks runs whose engine died as interrupted, returns them, and removes their work folders, which may contain secrets.
// It is called when the data is opened, and by an open window from time to time. A removal that takes long goes on in the
// background until Close; what is left then is removed by the next Sweep.
func (s *Service) Sweep(ctx context.Context) ([]model.Run, error) {
	interrupted, err := s.MarkInterrupted(ctx)
	if err != nil {
		return nil, err
	}
	folders, err := s.deps.Store.DeadWorkFolders()
	if err != nil || len(folders) == 0 {
		return interrupted, err
	}
	select {
	case s.sweep.busy <- struct{}{}:
	default:
		return interrupted, nil // the previous one is still running
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { <-s.sweep.busy }()
		s.removeWork(folders)
	}()
	patience := time.NewTimer(s.sweep.patience)
	defer patience.Stop()
	select {
	case <-done:
	case <-ctx.Done():
	case <-patience.C:
		s.sweep.onSlow()
	}
	return interrupted, nil
}

// removeWork removes work folders, first the secrets in all of them.
func (s *Service) removeWork(folders []string) {
	for _, f := range folders {
		_ = runner.RemovePrivate(s.sweep.ctx, f) // an error is repeated below
	}
	if s.sweep.ctx.Err() != nil {
		return
	}
	for _, f := range folders {
		switch err := s.sweep.remove(s.sweep.ctx, f); {
		case s.sweep.ctx.Err() != nil:
			return
		case err != nil:
			s.deps.Log.WarnContext(s.sweep.ctx, "can't remove a work folder", "folder", f, "error", err)
		}
	}
}
