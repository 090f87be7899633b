package desktop

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// Intervals between two checks of the database for changes.
const (
	pollRunning = 250 * time.Millisecond // while there are runs
	pollIdle    = time.Second
)

// watchChanges updates the window after changes in the database, of this process or another.
func (w *window) watchChanges() {
	changes, err := w.services.Data().Changes(w.ctx)
	if err != nil {
		w.log.Warn("changes by others are not seen", "error", err)
		return
	}
	defer changes.Close() //nolint:errcheck // the program ends
	running := w.running()
	var swept time.Time
	missing := false // the data folder, which was reported
	for {
		interval := pollIdle
		if running > 0 {
			interval = pollRunning
		}
		select {
		case <-w.ctx.Done():
			return
		case <-time.After(interval):
		}
		changed, err := changes.Changed(w.ctx)
		switch {
		case w.ctx.Err() != nil:
			return
		case err != nil:
			w.log.Warn("look for changes", "error", err)
		case changed:
			running = w.running()
			fyne.Do(w.changed)
		}
		if err := w.services.Data().InPlace(); err != nil != missing {
			if missing = err != nil; missing {
				fyne.Do(func() { dialog.ShowError(w.win, lang.L("The data is gone"), err) })
			}
		}
		if running > 0 && time.Since(swept) >= pollIdle {
			swept = time.Now()
			running = w.sweep(running)
		}
	}
}

// watch calls changed after each change of the database until stop is called: see [accounts.Deps].
func (w *window) watch(changed func()) (stop func()) {
	w.watchers = append(w.watchers, &changed)
	return func() {
		w.watchers = slices.DeleteFunc(slices.Clone(w.watchers), func(f *func()) bool { return f == &changed })
	}
}
