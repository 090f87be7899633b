package runs

import (
	"time"

	"fyne.io/fyne/v2"
)

// pulse turns what an engine tells into looks at the store, in place of waiting for the next look at the whole database.
// It is used on the main goroutine.
type pulse struct {
	look func()
	next *time.Timer // nil: none is due
	last time.Time
}

const (
	// An engine tells of lines while they are on their way to the store: a look at once would come too early.
	settling = 10 * time.Millisecond
	// No more looks than this, however much a script prints.
	pulseEvery = 50 * time.Millisecond
)

// beat has the store looked at soon.
func (p *pulse) beat() {
	if p.next != nil {
		return
	}
	wait := max(settling, pulseEvery-time.Since(p.last))
	var due *time.Timer
	due = time.AfterFunc(wait, func() {
		fyne.Do(func() {
			if p.next != due { // stopped meanwhile
				return
			}
			p.next, p.last = nil, time.Now()
			p.look()
		})
	})
	p.next = due
}

func (p *pulse) stop() {
	if p.next != nil {
		p.next.Stop()
		p.next = nil
	}
}
