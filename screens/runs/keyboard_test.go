package runs

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// press presses keys as the driver does: what has the keyboard hears them, or else the window.
func (f *fixture) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		ev := &fyne.KeyEvent{Name: key}
		if at := f.win.Canvas().Focused(); at != nil {
			at.TypedKey(ev)
		} else if heard := f.win.Canvas().OnTypedKey(); heard != nil {
			heard(ev)
		}
	}
}

// tabTo presses Tab until a thing of that kind has the keyboard.
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

func TestARunThatIsOpenedTakesTheKeyboardFromTheList(t *testing.T) {
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
	f.press(fyne.KeyDelete) // before the run is read
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
		t.Error("Escape does not lead back")
	}
	if at := fmt.Sprintf("%T", f.win.Canvas().Focused()); at != "*table.rowList" {
		t.Errorf("back in the list %s has the keyboard", at)
	}
}

func TestARunDeletedOnAProjectsPageCanBeTakenBackThere(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "true"))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	f.place.Home()
	f.place.Hidden()
	content, give := f.place.OfProject("P")
	f.win.SetContent(content)
	f.until("the list", func() bool { return len(f.place.tab.table.Rows()) == 1 })
	give()
	f.press(fyne.KeyDown, fyne.KeyDelete)
	f.until("the run to go", func() bool {
		return len(f.place.tab.table.Rows()) == 0 || f.place.tab.stage.State() != feedback.StateReady
	})
	if !f.place.tab.undo.Visible() || f.place.undo.Visible() {
		t.Error("it can't be taken back where it was deleted")
	}
	f.place.tab.undo.Undo()
	f.until("the run to come back", func() bool { return len(f.place.tab.table.Rows()) == 1 })
}
