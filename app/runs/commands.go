package runs

import (
	"context"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// commandWatch takes the commands to the runs of this process, and reads the table only after the store has changed. The
// zero value is ready to use. It is safe for concurrent use.
type commandWatch struct {
	mu      sync.Mutex
	changes *store.Changes // opened by the first call of take
	closed  bool
	change  int64           // number of changes seen
	taken   map[int64]int64 // by run: value of change when its commands were last taken
}

// take returns the commands to a run since the last call.
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
		return nil, err // the next call tries again
	}
	w.taken[run] = w.change
	return commands, nil
}

// look counts the changes. The first call counts as one.
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

// close ends the watch: take returns nothing from now on.
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
