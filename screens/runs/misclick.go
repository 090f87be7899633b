package runs

import (
	"time"

	"fyne.io/fyne/v2"
)

// What starts or stops a run must not be hit by a click that was meant for what stood there a moment ago.
const (
	afterOpening = 500 * time.Millisecond // the second half of a double click lands on the page that its first half opened
	afterStop    = time.Second            // for so long an impatient click may follow the one that stopped a run or called one off
)

// opens hears that another page comes into sight.
func (p *Place) opens() {
	p.opened = p.deps.Now()
	p.wakeAfter(afterOpening)
}

// stops hears that a person stops a run, or does not want to start one any more.
func (p *Place) stops() {
	p.stopped = p.deps.Now()
	p.wakeAfter(afterStop)
}

// settled reports whether the page is there for long enough that a click is meant for what it shows.
func (p *Place) settled() bool { return p.deps.Now().Sub(p.opened) >= afterOpening }

// calm reports whether no click that was meant to stop a run can come any more.
func (p *Place) calm() bool { return p.deps.Now().Sub(p.stopped) >= afterStop }

// wakeAfter shows after a while that the buttons can be used again.
func (p *Place) wakeAfter(d time.Duration) {
	p.arm()
	time.AfterFunc(d, func() { fyne.Do(p.arm) })
}

// arm enables the buttons that can be used now.
func (p *Place) arm() {
	p.view.arm()
	p.eachList((*list).buttons)
}

// arm enables what the run in sight allows.
func (v *view) arm() {
	over := v.run.Status.Over()
	setEnabled(v.stopBtn, !over && !v.stop.asked && v.place.settled())
	setEnabled(v.forceBtn, !over && !v.stop.forced)
	setEnabled(v.againBtn, over && v.place.settled() && v.place.calm())
}

// setEnabled enables or disables.
func setEnabled(b fyne.Disableable, on bool) {
	switch {
	case on == !b.Disabled():
	case on:
		b.Enable()
	default:
		b.Disable()
	}
}
