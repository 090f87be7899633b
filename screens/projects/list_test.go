package projects

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

func TestTheSelectionSurvivesAReload(t *testing.T) {
	r := newRig(t, small, website())
	r.place.Home()
	r.Until("the list", func() bool { return r.place.list.stage.State() == feedback.StateReady })
	l := r.place.list
	l.table.Select(func(model.ProjectInfo) bool { return true })
	l.show()
	if _, ok := l.table.Selected(); !ok || l.openBtn.Disabled() || l.remove.Disabled() {
		t.Errorf("selected %v, Open is disabled: %v, Delete is disabled: %v", ok, l.openBtn.Disabled(), l.remove.Disabled())
	}
}
