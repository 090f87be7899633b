package runs

import (
	"context"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// commandWatch takes what others ask of the runs of this process, and reads the table only after something changed. The
// zero value is ready; any goroutine may use it.
type commandWatch struct {
	mu      sync.Mutex
	changes *store.Changes // opened when a run first asks
	closed  bool
	change  int64           // how many changes have been seen
	taken   map[int64]int64 // by run: the change after which its commands were last taken
}

// take gives the commands to a run that have come since it last asked.
func (w *commandWatch) take(ctx context.Context, st *store.Store, run int64) ([]model.RunCommand, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, nil
	}
	if err := w.look(ctx, st); err != nil {
		return nil, err
	}
	if w.taken[run] == w.change {
		return nil, nil
	}
	commands, err := st.TakeCommands(ctx, run)
	if err != nil {
		return nil, err // so the next call reads again
	}
	w.taken[run] = w.change
	return commands, nil
}

// look counts the changes. What was there before the first look counts as one.
func (w *commandWatch) look(ctx context.Context, st *store.Store) error {
	if w.changes == nil {
		changes, err := st.Changes(ctx)
		if err != nil {
			return err
		}
		w.changes, w.change, w.taken = changes, 1, map[int64]int64{}
		return nil
	}
	changed, err := w.changes.Changed(ctx)
	if changed {
		w.change++
	}
	return err
}

// close ends the watch for good.
func (w *commandWatch) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.changes == nil {
		return nil
	}
	changes := w.changes
	w.changes = nil
	return changes.Close()
}
