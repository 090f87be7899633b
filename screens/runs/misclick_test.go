package runs

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

const stubborn = "trap '' TERM INT\necho here\nwhile :; do sleep 0.1; done"

// click clicks at a point of the window, on whatever is there now.
func (f *fixture) click(at fyne.Position) {
	uitest.Settle(f.win)
	test.TapCanvas(f.win.Canvas(), at)
	f.app.Pump()
}

// middle returns the centre of a button.
func (f *fixture) middle(b *control.Button) fyne.Position {
	uitest.Settle(f.win)
	return f.app.Driver().AbsolutePositionForObject(b).Add(fyne.NewPos(b.Size().Width/2, b.Size().Height/2))
}

func (f *fixture) runs() int {
	f.t.Helper()
	runs, err := f.store.Runs(f.t.Context(), allRuns)
	if err != nil {
		f.t.Fatal(err)
	}
	return len(runs)
}

// Repeated clicks at the position of Stop neither kill the run nor start another, whatever the header shows meanwhile.
func TestRepeatedClicksOnStop(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("Stubborn", "none", stubborn)+step("Last", "none", "exit 3"))
	f.place.Start(Wanted{Project: "P"})
	v := f.place.view
	f.until("a line", func() bool { return v.pane.log.Rows() > 0 && !v.stopBtn.Disabled() })
	stop := f.middle(v.stopBtn)
	for range 3 {
		f.click(stop)
	}
	if !v.stop.asked || v.stop.forced {
		t.Fatalf("after three clicks on Stop: asked %v, forced %v", v.stop.asked, v.stop.forced)
	}
	if at := f.middle(v.stopBtn); at != stop {
		t.Errorf("Stop has moved from %v to %v", stop, at)
	}
	if f.middle(v.forceBtn).X >= stop.X {
		t.Error("Force now is not beside Stop")
	}
	again, force := f.middle(v.againBtn), f.middle(v.forceBtn)
	f.tap(v.forceBtn)
	f.over()
	f.until("the result of the stop", func() bool { return v.outcome.content.Visible() })
	for range 2 { // at once, and after the pause
		f.click(stop)
		f.click(force)
		f.later()
	}
	if f.runs() != 1 || f.place.start.latest.Busy() {
		t.Error("a click at the position of Stop started a run")
	}
	if at := f.middle(v.againBtn); at != again {
		t.Errorf("Run again has moved from %v to %v", again, at)
	}
}

// The shortcut stops a run and never kills it, and the focus does not move to a button that starts one.
func TestRepeatedKeysOnStop(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", stubborn))
	f.place.Start(Wanted{Project: "P"})
	v := f.place.view
	f.until("a line", func() bool { return v.pane.log.Rows() > 0 && !v.stopBtn.Disabled() })
	f.win.Canvas().Focus(v.stopBtn)
	for range 2 {
		f.place.StopShown()
		v.stopBtn.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	if !v.stop.asked || v.stop.forced {
		t.Fatalf("asked %v, forced %v", v.stop.asked, v.stop.forced)
	}
	f.tap(v.forceBtn)
	f.over()
	for range 2 {
		for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeySpace} {
			v.stopBtn.TypedKey(&fyne.KeyEvent{Name: key})
			v.forceBtn.TypedKey(&fyne.KeyEvent{Name: key})
			if focused := f.win.Canvas().Focused(); focused != nil {
				focused.TypedKey(&fyne.KeyEvent{Name: key})
			}
		}
		f.later()
	}
	f.app.Pump()
	if f.runs() != 1 || f.place.start.latest.Busy() {
		t.Error("a key on the former Stop button started a run")
	}
}

// Wherever the button is: at a pinned step, in the header, in a menu.
func TestNothingStartsRightAfterAStop(t *testing.T) {
	f := open(t, plain+"variables:\n  - {name: A, type: text, prompt: {required: true}}\nsteps:\n"+step("S", "none", "exec sleep 60"))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	sh.form.Field("value.A").Input.(interface{ SetText(string) }).SetText("x")
	sh.confirm()
	v := f.place.view
	f.until("the run", func() bool { return v.run.Status == model.Running && !v.stopBtn.Disabled() })
	f.place.StopShown()
	f.place.Start(Wanted{Project: "P"})
	if f.place.start.latest.Busy() {
		t.Error("a run started right after a stop")
	}
	f.over()
	f.later()
	f.place.Start(Wanted{Project: "P"})
	f.sheet().dialog.Leave()
	f.place.Start(Wanted{Project: "P"})
	if f.place.start.latest.Busy() {
		t.Error("a second click on Cancel started a run")
	}
}

// Escape is no click that others may follow.
func TestARunStartsRightAfterEscape(t *testing.T) {
	f := open(t, plain+"variables:\n  - {name: A, type: text, prompt: {required: true}}\nsteps:\n"+step("S", "none", "echo hi"))
	for range 2 {
		f.place.Start(Wanted{Project: "P"})
		sh := f.sheet()
		f.win.Canvas().Focused().TypedKey(uitest.Key(fyne.KeyEscape))
		if sh.dialog.Visible() || f.place.start.sheet != nil {
			t.Fatal("Escape does not close the sheet")
		}
	}
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	sh.dialog.Leave()
	f.place.Start(Wanted{Project: "P"})
	if f.place.start.latest.Busy() {
		t.Error("a second click on Cancel started a run")
	}
	f.ahead += afterCancel
	f.place.Start(Wanted{Project: "P"})
	f.sheet()
}

// Such as Enter on Cancel of the waiting dialog, just when the sheet replaces it.
func TestANewSheetIgnoresKeysForAMoment(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo imported"))
	f.scripts.all = false
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	if !sh.ready {
		sh.dialog.Keys.Enter()
		if focused := f.win.Canvas().Focused(); focused != nil {
			focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
		if f.place.start.sheet != sh {
			t.Fatal("the sheet accepted a key at once")
		}
	}
	f.until("the sheet to be ready", func() bool { return sh.ready })
	sh.dialog.Keys.Enter()
	f.over()
}

// The second click hits the header of the run.
func TestADoubleClickOnShowDoesNotRunAgain(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	f.place.Home()
	l := f.place.list
	f.until("the run", func() bool { return len(l.table.Rows()) == 1 })
	l.table.Select(func(row) bool { return true })
	f.later()
	f.tap(l.showBtn)
	f.until("the run", func() bool { return f.place.view.run.ID == 1 })
	test.Tap(f.place.view.againBtn)
	f.place.again(1, false)
	if f.place.start.latest.Busy() {
		t.Error("the second click of a double click started a run")
	}
	f.later()
	f.tap(f.place.view.againBtn)
	f.until("the second run", func() bool { return f.place.view.id == 2 })
	f.over()
}
