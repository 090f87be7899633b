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

// click is the press of a mouse at a point of the window: it reaches what lies there now.
func (f *fixture) click(at fyne.Position) {
	uitest.Settle(f.win)
	test.TapCanvas(f.win.Canvas(), at)
	f.app.Pump()
}

// middle is where a person points at a button.
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

// TestImpatientClicksOnStop: whatever the head shows meanwhile, clicks in the place of Stop do not force, and start nothing.
func TestImpatientClicksOnStop(t *testing.T) {
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
	f.until("what became of it", func() bool { return v.outcome.content.Visible() })
	for range 2 { // at once, and when impatience must be over
		f.click(stop)
		f.click(force)
		f.later()
	}
	if f.runs() != 1 || f.place.start.latest.Busy() {
		t.Error("a click in the place of Stop started a run")
	}
	if at := f.middle(v.againBtn); at != again {
		t.Errorf("Run again has moved from %v to %v", again, at)
	}
}

// TestKeysThatStop: the shortcut stops, and never forces; the button that had the keyboard does not turn into one that starts.
func TestKeysThatStop(t *testing.T) {
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
		t.Error("a key on what was Stop started a run")
	}
}

// TestNothingStartsRightAfterAStop wherever the button is: a pinned step's, the header's, a menu's.
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
		t.Error("a run was wished for right after a stop")
	}
	f.over()
	f.later()
	f.place.Start(Wanted{Project: "P"})
	f.sheet().dialog.Leave()
	f.place.Start(Wanted{Project: "P"})
	if f.place.start.latest.Busy() {
		t.Error("a second click on Cancel started what lay below it")
	}
}

// TestTheSheetHearsNoKeyThatWasMeantForWhatItCovers: Enter on Cancel of the word that tells of the waiting, as the sheet comes.
func TestTheSheetHearsNoKeyThatWasMeantForWhatItCovers(t *testing.T) {
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
			t.Fatal("a key that came with the sheet was taken for an answer")
		}
	}
	f.until("the sheet to be ready", func() bool { return sh.ready })
	sh.dialog.Keys.Enter()
	f.over()
}

// TestADoubleClickOnShow opens a run and does not run it again: its second half lands in the run's head.
func TestADoubleClickOnShow(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	f.place.Home()
	l := f.place.list
	f.until("the run", func() bool { return len(l.table.Rows()) == 1 })
	l.table.Select(func(row) bool { return true })
	f.later()
	f.tap(l.show)
	f.until("the run", func() bool { return f.place.view.run.ID == 1 })
	test.Tap(f.place.view.againBtn)
	f.place.again(1, false)
	if f.place.start.latest.Busy() {
		t.Error("the second half of a double click starts a run")
	}
	f.later()
	f.tap(f.place.view.againBtn)
	f.until("the second run", func() bool { return f.place.view.id == 2 })
	f.over()
}
