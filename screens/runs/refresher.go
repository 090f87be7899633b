package runs

import (
	"time"

	"fyne.io/fyne/v2"
)

// refresher reads a run again soon after its engine has sent an event, instead of at the next poll of the database. It is used on
// the main goroutine.
type refresher struct {
	refresh func()
	next    *time.Timer // nil: no refresh is due
	last    time.Time
}

const (
	// The engine announces lines while it writes them to the store: an immediate read would not find them.
	settling = 10 * time.Millisecond
	// Minimum interval, however much a script prints.
	refreshEvery = 100 * time.Millisecond
)

// soon schedules a refresh.
func (r *refresher) soon() {
	if r.next != nil {
		return
	}
	wait := max(settling, refreshEvery-time.Since(r.last))
	var due *time.Timer
	due = time.AfterFunc(wait, func() {
		fyne.Do(func() {
			if r.next != due { // stopped or replaced
				return
			}
			r.next, r.last = nil, time.Now()
			r.refresh()
		})
	})
	r.next = due
}

func (r *refresher) stop() {
	if r.next != nil {
		r.next.Stop()
		r.next = nil
	}
}
