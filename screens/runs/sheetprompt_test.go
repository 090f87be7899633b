package runs

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestEscapeAsksBeforeAnswersAreLost(t *testing.T) {
	f := open(t, sandboxed+"  - {name: Count, prompt: {label: How many}}\nsteps:\n"+step("S", "none", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	overlays := func() int { return len(f.win.Canvas().Overlays().List()) }
	escape := func() { f.win.Canvas().OnTypedKey()(uitest.Key(fyne.KeyEscape)) }
	sh.values[0].set("7")
	escape()
	if !sh.dialog.Visible() || overlays() != 2 {
		t.Fatalf("the sheet is open: %v, with %d dialogs", sh.dialog.Visible(), overlays())
	}
	f.says("Discard the changes?")
	escape()
	if !sh.dialog.Visible() || sh.values[0].get() != "7" {
		t.Errorf("the sheet is open: %v, with %q", sh.dialog.Visible(), sh.values[0].get())
	}
	sh.confirm()
	if sh.dialog.Visible() {
		t.Error("the sheet stays open after Run")
	}
	f.over()
}
