package runs

import (
	"time"

	"fyne.io/fyne/v2"
)

// A click that was meant for what was there a moment ago must not start or stop a run.
const (
	afterOpening = 500 * time.Millisecond // the second click of a double click hits the page that the first has opened
	afterCancel  = 500 * time.Millisecond // or what was behind the dialog that the first has closed
	afterStop    = time.Second            // repeated clicks may follow the one that stopped a run
)

// noteOpen is called when another page is shown.
func (p *Place) noteOpen() {
	p.opened = p.deps.Now()
	p.updateButtonsAfter(afterOpening)
}

// noteStop is called when the user stops a run.
func (p *Place) noteStop() { p.pause(afterStop) }

// noteCancel is called when the user cancels a start by a click. After Escape there is no click to wait for.
func (p *Place) noteCancel() { p.pause(afterCancel) }

// pause ignores clicks that would start a run.
func (p *Place) pause(d time.Duration) {
	if from := p.deps.Now().Add(d); from.After(p.calmFrom) {
		p.calmFrom = from
	}
	p.updateButtonsAfter(d)
}

// settled reports whether the page has been shown long enough that a click is meant for it.
func (p *Place) settled() bool { return p.deps.Now().Sub(p.opened) >= afterOpening }

// calm reports whether the last stop is so long ago that a click is not meant for it.
func (p *Place) calm() bool { return !p.deps.Now().Before(p.calmFrom) }

func (p *Place) updateButtonsAfter(d time.Duration) {
	p.updateButtons()
	time.AfterFunc(d, func() { fyne.Do(p.updateButtons) })
}

func (p *Place) updateButtons() {
	p.view.updateButtons()
	p.eachList((*list).updateButtons)
}

func (v *view) updateButtons() {
	over := v.run.Status.Over()
	setEnabled(v.stopBtn, !over && !v.stop.asked && v.settled())
	setEnabled(v.forceBtn, !over && !v.stop.forced)
	setEnabled(v.againBtn, over && v.settled() && v.calm())
}

func setEnabled(b fyne.Disableable, on bool) {
	switch {
	case on == !b.Disabled():
	case on:
		b.Enable()
	default:
		b.Disable()
	}
}
