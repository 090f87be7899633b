package runs

import (
	"context"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// sweepPatience is how long whoever opens the data waits for the removal of what dead runs left. A script can leave more
// files than anybody wants to wait for.
const sweepPatience = 2 * time.Second

// sweep removes work folders, one after the other and beside whatever else is done.
type sweep struct {
	patience time.Duration
	remove   func(ctx context.Context, folder string) error
	told     func() // that it takes longer than the patience
	end      func() // stops it and waits until it has stopped

	ctx  context.Context //nolint:containedctx // it goes on when the call that started it has returned
	busy chan struct{}   // holds one while a removal goes on
}

func newSweep(deps Deps) sweep {
	s := sweep{patience: sweepPatience, remove: runner.RemoveWorkspace, told: deps.Sweeping, busy: make(chan struct{}, 1)}
	if deps.RemoveWork != nil {
		s.patience, s.remove = 0, deps.RemoveWork
	}
	if s.told == nil {
		s.told = func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	s.end = sync.OnceFunc(func() {
		cancel()
		s.busy <- struct{}{} // for good
	})
	return s
}

// Sweep tells the truth about runs whose engine died, gives them, and takes away what they left, secrets of scripts among it. Whoever opens the
// data does it, and a window goes on doing it while it is open. A removal that takes long goes on until Close; what is
// left then is for the next one.
func (s *Service) Sweep(ctx context.Context) ([]model.Run, error) {
	interrupted, err := s.deps.Store.MarkInterrupted(ctx)
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
		return interrupted, nil // the one before goes on
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
		s.sweep.told()
	}
	return interrupted, nil
}

// removeWork removes work folders, what is secret in any of them first.
func (s *Service) removeWork(folders []string) {
	for _, f := range folders {
		_ = runner.RemovePrivate(s.sweep.ctx, f) // what can't go makes the next call fail
	}
	if s.sweep.ctx.Err() != nil {
		return
	}
	for _, f := range folders {
		switch err := s.sweep.remove(s.sweep.ctx, f); {
		case s.sweep.ctx.Err() != nil:
			return
		case err != nil:
			s.deps.Log.WarnContext(s.sweep.ctx, "a work folder stays", "folder", f, "error", err)
		}
	}
}
