package runs

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// stopping is the state of stopping the shown run.
type stopping struct {
	asked    bool
	forced   bool
	deadline time.Time // when remaining processes are killed; zero: not known yet
}

// askToStop asks the run to end by itself. Only Force now kills it, never a second call.
func (v *view) askToStop() {
	if v.id == 0 || v.run.Status.Over() {
		return
	}
	v.noteStop()
	if v.stop.asked {
		return
	}
	v.stop.asked = true
	if !v.own(v.id) { // no events come from it
		v.stop.deadline = v.now().Add(runner.DefaultForceIn())
	}
	v.end(v.id, false)
	v.showStop()
}

// force kills a run that was asked to stop.
func (v *view) force() {
	if v.id == 0 || v.run.Status.Over() || !v.stop.asked || v.stop.forced {
		return
	}
	v.noteStop()
	v.stop.forced = true
	v.end(v.id, true)
	v.showStop()
}

// handleEvent handles an event of the shown run's engine. Everything but the stages of a stop is also in the store.
func (v *view) handleEvent(ev engine.Event) {
	switch ev := ev.(type) {
	case engine.Stopping:
		v.stopStage(ev)
		return
	case engine.Lines:
		v.announced[attempt{ev.Step, max(ev.Attempt, 1)}] = ev.UpTo
	}
	if v.placeShown() && v.shown() {
		v.refresher.soon()
	}
}

// stopStage shows the stage of a stop, which another process may have asked for.
func (v *view) stopStage(ev engine.Stopping) {
	switch {
	case ev.Leftover:
		return
	case ev.Stage == model.StopForced:
		v.stop.asked, v.stop.forced = true, true
	default:
		v.stop.asked = true
		v.stop.deadline = v.now().Add(time.Duration(ev.ForceInMs) * time.Millisecond)
	}
	v.showStop()
}

// showStop shows the progress of a stop. Its result is in the run's record.
func (v *view) showStop() {
	stopping := v.stop.asked && !v.run.Status.Over()
	setLabel(v.stopWord, v.stopText(stopping), v.head)
	setShown(v.forceBtn, stopping)
	v.updateButtons()
}

func (v *view) stopText(stopping bool) string {
	switch left := v.stop.deadline.Sub(v.now()); {
	case !stopping:
		return ""
	case v.stop.forced:
		return lang.L("ending…")
	case v.stop.deadline.IsZero():
		return lang.L("asked to stop")
	case left <= 0:
		return lang.L("asked to stop, force now")
	default:
		seconds := int((left + time.Second - 1) / time.Second)
		return lang.L("asked to stop, force in {{.Seconds}} s", map[string]any{"Seconds": seconds})
	}
}
