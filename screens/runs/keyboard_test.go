package runs

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// press sends keys to the object with the focus, or else to the window, as the driver does.
func (f *fixture) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		ev := &fyne.KeyEvent{Name: key}
		if focused := f.win.Canvas().Focused(); focused != nil {
			focused.TypedKey(ev)
		} else if onKey := f.win.Canvas().OnTypedKey(); onKey != nil {
			onKey(ev)
		}
	}
}

// tabTo presses Tab until an object of that type has the focus.
func (f *fixture) tabTo(kind string) {
	f.t.Helper()
	for range 60 {
		if fmt.Sprintf("%T", f.win.Canvas().Focused()) == kind {
			return
		}
		f.win.Canvas().FocusNext()
	}
	f.t.Fatalf("Tab leads to no %s", kind)
}

func TestOpeningARunMovesTheFocusFromTheList(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "for i in $(seq 200); do echo $i; done"))
	f.win.Canvas().SetOnTypedKey(func(ev *fyne.KeyEvent) { // as the frame does
		if ev.Name == fyne.KeyEscape {
			f.place.Back()
		}
	})
	f.place.Start(Wanted{Project: "P"})
	f.over()
	f.place.Home()
	f.until("the list", func() bool { return len(f.place.list.table.Rows()) == 1 })
	f.tabTo("*table.rowList")
	f.press(fyne.KeyDown, fyne.KeyReturn)
	f.press(fyne.KeyDelete) // before the run is loaded
	f.until("the log", func() bool { return f.place.view.pane.log.Rows() >= 200 })
	f.press(fyne.KeyDelete)
	if f.place.undo.Visible() {
		t.Error("the run was deleted")
	}
	f.press(fyne.KeyHome)
	if top := f.place.view.pane.log.TopLine(); top != 1 {
		t.Errorf("Home leads to line %d", top)
	}
	f.press(fyne.KeyPageDown)
	if top := f.place.view.pane.log.TopLine(); top <= 1 {
		t.Errorf("PgDn leads to line %d", top)
	}
	f.press(fyne.KeyEscape)
	if f.place.viewing() {
		t.Error("Escape does not return to the list")
	}
	if focused := fmt.Sprintf("%T", f.win.Canvas().Focused()); focused != "*table.rowList" {
		t.Errorf("back in the list %s has the focus", focused)
	}
}

func TestADeletionOnAProjectsPageIsUndoneThere(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "true"))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	f.place.Home()
	f.place.Hidden()
	content, focus := f.place.OfProject("P")
	f.win.SetContent(content)
	f.until("the list", func() bool { return len(f.place.tab.table.Rows()) == 1 })
	focus()
	f.press(fyne.KeyDown, fyne.KeyDelete)
	f.until("the run to go", func() bool {
		return len(f.place.tab.table.Rows()) == 0 || f.place.tab.stage.State() != feedback.StateReady
	})
	if !f.place.tab.undo.Visible() || f.place.undo.Visible() {
		t.Error("the page where it was deleted has no Undo")
	}
	f.place.tab.undo.Undo()
	f.until("the run to come back", func() bool { return len(f.place.tab.table.Rows()) == 1 })
}
