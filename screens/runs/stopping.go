package runs

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// stopping is how far the stop of the run in sight has come.
type stopping struct {
	asked    bool      // by this window
	forced   bool      // and by force
	deadline time.Time // when what is left is ended by force; zero: not known yet
}

// askToStop asks the run to end by itself. Asked again it does nothing: force has a button of its own.
func (v *view) askToStop() {
	if v.id == 0 || v.run.Status.Over() {
		return
	}
	v.place.stops()
	if v.stop.asked {
		return
	}
	v.stop.asked = true
	if v.place.live[v.id] == nil { // nobody tells this window of another's stages
		v.stop.deadline = v.place.deps.Now().Add(runner.UsualForceIn())
	}
	v.place.end(v.id, false)
	v.showStop()
}

// force ends a run that was asked to end.
func (v *view) force() {
	if v.id == 0 || v.run.Status.Over() || !v.stop.asked || v.stop.forced {
		return
	}
	v.place.stops()
	v.stop.forced = true
	v.place.end(v.id, true)
	v.showStop()
}

// heard takes what the engine of the run in sight tells. All but the stages of a stop is in the store too.
func (v *view) heard(ev engine.Event) {
	switch ev := ev.(type) {
	case engine.Stopping:
		v.stopsAt(ev)
		return
	case engine.Lines:
		v.told[ev.Step] = ev.UpTo
	}
	if v.place.shown && v.place.viewing() {
		v.pulse.beat()
	}
}

// stopsAt takes how far the engine has come with a stop, whoever asked for it.
func (v *view) stopsAt(ev engine.Stopping) {
	switch {
	case ev.Leftover:
		return
	case ev.Stage == model.StopForced:
		v.stop.asked, v.stop.forced = true, true
	default:
		v.stop.asked = true
		v.stop.deadline = v.place.deps.Now().Add(time.Duration(ev.ForceInMs) * time.Millisecond)
	}
	v.showStop()
}

// showStop shows how far a stop has come. What became of it is told by the record of the run.
func (v *view) showStop() {
	going := v.stop.asked && !v.run.Status.Over()
	setWords(v.stopWord, v.stopText(going), v.head)
	setShown(v.forceBtn, going)
	v.arm()
}

func (v *view) stopText(going bool) string {
	switch left := v.stop.deadline.Sub(v.place.deps.Now()); {
	case !going:
		return ""
	case v.stop.forced:
		return lang.L("ending it…")
	case v.stop.deadline.IsZero():
		return lang.L("asked to stop")
	case left <= 0:
		return lang.L("asked to stop, force now")
	default:
		seconds := int((left + time.Second - 1) / time.Second)
		return lang.L("asked to stop, force in {{.Seconds}} s", map[string]any{"Seconds": seconds})
	}
}
