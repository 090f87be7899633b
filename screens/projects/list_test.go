package projects

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// TestSelectedProjectStaysUsable: a change by somebody renews the list, and what is selected can still be opened.
func TestSelectedProjectStaysUsable(t *testing.T) {
	r := newRig(t, small, website())
	r.place.Home()
	r.Until("the list", func() bool { return r.place.list.stage.State() == feedback.StateReady })
	l := r.place.list
	l.table.Select(func(model.ProjectInfo) bool { return true })
	l.show()
	if _, ok := l.table.Selected(); !ok || l.opens.Disabled() || l.remove.Disabled() {
		t.Errorf("selected %v, Open is disabled: %v, Delete is disabled: %v", ok, l.opens.Disabled(), l.remove.Disabled())
	}
}
