package runs

import (
	"time"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/runner/engine"
)

// stopping is how far the stop of the run in sight has come.
type stopping struct {
	asked    bool      // by this window
	forced   bool      // and by force
	deadline time.Time // when what is left is ended by force; zero: not known yet
}

// stopOrForce asks the run to end: politely at first, by force when asked again.
func (v *view) stopOrForce() {
	if v.run.Status.Over() || v.id == 0 || v.stop.forced {
		return
	}
	if v.stop.asked {
		v.stop.forced = true
	} else {
		v.stop.asked = true
		if v.place.live[v.id] == nil { // nobody tells this window of another's stages
			v.stop.deadline = v.place.deps.Now().Add(engine.Grace)
		}
	}
	v.place.end(v.id, v.stop.forced)
	v.showStop()
}

// heard takes how far the engine has come with a stop, whoever asked for it.
func (v *view) heard(ev engine.Event) {
	switch {
	case ev.Leftover:
		return
	case ev.Stage == engine.Forced:
		v.stop.forced = true
	default:
		v.stop.asked = true
		v.stop.deadline = v.place.deps.Now().Add(ev.ForceIn())
	}
	v.showStop()
}

// showStop shows how far a stop has come. What became of it is told by the record of the run.
func (v *view) showStop() {
	word, label, importance := "", lang.L("Stop"), widget.MediumImportance
	switch left := v.stop.deadline.Sub(v.place.deps.Now()); {
	case v.run.Status.Over() || !v.stop.asked:
	case v.stop.forced:
		word, label, importance = lang.L("ending it…"), lang.L("Force now"), widget.DangerImportance
	case v.stop.deadline.IsZero():
		word, label, importance = lang.L("asked to stop"), lang.L("Force now"), widget.DangerImportance
	case left <= 0:
		word, label, importance = lang.L("asked to stop, force now"), lang.L("Force now"), widget.DangerImportance
	default:
		seconds := int((left + time.Second - 1) / time.Second)
		word, label, importance = lang.L("asked to stop, force in {{.Seconds}} s", map[string]any{"Seconds": seconds}), lang.L("Force now"), widget.DangerImportance
	}
	v.stopWord.SetText(word)
	if v.stopBtn.Text != label || v.stopBtn.Importance != importance {
		v.stopBtn.Importance = importance
		v.stopBtn.SetText(label)
	}
	if v.stop.forced != v.stopBtn.Disabled() {
		if v.stop.forced {
			v.stopBtn.Disable()
		} else {
			v.stopBtn.Enable()
		}
	}
}
