package projects

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// press sends keys to the object with the focus, or else to the window, as the driver does.
func (r *rig) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		ev := &fyne.KeyEvent{Name: key}
		if f := r.window.Canvas().Focused(); f != nil {
			f.TypedKey(ev)
		} else if onKey := r.window.Canvas().OnTypedKey(); onKey != nil {
			onKey(ev)
		}
	}
}

// typing types text into the object with the focus.
func (r *rig) typing(text string) {
	for _, c := range text {
		if f := r.window.Canvas().Focused(); f != nil {
			f.TypedRune(c)
		}
	}
}

// focused returns the type of the object with the focus.
func (r *rig) focused() string { return fmt.Sprintf("%T", r.window.Canvas().Focused()) }

// tabTo presses Tab until an object of that type has the focus.
func (r *rig) tabTo(kind string) {
	r.t.Helper()
	for range 60 {
		if r.focused() == kind {
			return
		}
		r.window.Canvas().FocusNext()
	}
	r.t.Fatalf("Tab leads to no %s", kind)
}

const tableRows = "*table.rowList"

// fromList opens the project from the list of projects by keys.
func (r *rig) fromList() {
	r.t.Helper()
	r.place.Home()
	r.Until("the list", func() bool {
		return r.place.list.stage.State() == feedback.StateReady && len(r.place.list.table.Rows()) > 0
	})
	r.tabTo(tableRows)
	r.press(fyne.KeyDown, fyne.KeyReturn)
	r.Until("the project", func() bool { return r.place.open != nil && r.place.open.stage.State() == feedback.StateReady })
}

func TestDeleteInAnOpenPageLeavesTheListAlone(t *testing.T) {
	for _, row := range []struct {
		name string
		open func(r *rig)
	}{
		{"project", func(*rig) {}},
		{"step", func(r *rig) {
			r.tabTo(tableRows)
			r.press(fyne.KeyDown, fyne.KeyReturn)
			if r.place.open.form == nil {
				r.t.Fatal("the step did not open")
			}
		}},
		{"variables", func(r *rig) {
			r.tabTo(tableRows)
			r.press(fyne.KeyDown)
			r.place.open.tabs.SelectIndex(1)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRig(t, large, website())
			r.fromList()
			row.open(r)
			before := r.window.Canvas().Focused()
			for range 2 { // immediately, and after a frame
				r.press(fyne.KeyDelete, fyne.KeyBackspace, fyne.KeySpace)
				r.Draw(r.window)
				r.Pump()
			}
			r.idle()
			if r.place.undo.Visible() {
				t.Errorf("with the focus on %T something was deleted", before)
			}
			if p := r.stored(); len(p.Steps) != 2 || len(p.Variables) != len(website().Variables) {
				t.Errorf("%d steps and %d variables remain", len(p.Steps), len(p.Variables))
			}
		})
	}
}

func TestOpeningAPageMovesTheFocus(t *testing.T) {
	r := newRig(t, large, website())
	r.fromList()
	o := r.place.open
	if r.focused() != tableRows {
		t.Fatalf("in a project %s has the focus", r.focused())
	}
	r.press(fyne.KeyDown, fyne.KeyReturn)
	if r.window.Canvas().Focused() != o.form.name {
		t.Errorf("in a step %s has the focus", r.focused())
	}
	r.press(fyne.KeyEscape)
	if o.form != nil || r.focused() != tableRows {
		t.Errorf("back in the process %s has the focus", r.focused())
	}
	r.press(fyne.KeyDown, fyne.KeyReturn)
	if o.form == nil || o.form.name.Text != "Roll the web tier" {
		t.Error("the arrow keys do not continue in the list")
	}
	r.place.Home()
	if r.focused() != tableRows {
		t.Errorf("in the list of projects %s has the focus", r.focused())
	}
}

func TestFindTakesTheFocus(t *testing.T) {
	r := newRig(t, large, website())
	r.AsDrawn()
	r.place.open.openStep(r.place.open.project.Steps[0])
	r.Draw(r.window)
	s := r.place.open.form.script
	r.window.Canvas().Focus(s.inline.editor)
	before := s.inline.editor.Text()
	r.place.Find()
	r.typing("aws")
	if s.inline.find.Query().Text != "aws" || s.inline.editor.Text() != before {
		t.Errorf("the search has %q, the script is %q", s.inline.find.Query().Text, s.inline.editor.Text())
	}
}

func TestShortcutsIgnoreAStepOnAHiddenTab(t *testing.T) {
	r := newRig(t, large, website())
	o := r.place.open
	o.openStep(o.project.Steps[0])
	o.form.name.SetText("Check twice")
	o.tabs.SelectIndex(1)
	r.place.Save()
	r.place.Find()
	r.place.Back()
	r.idle()
	if _, at := r.stored().Step("Check twice"); at >= 0 {
		t.Error("it was saved")
	}
	if o.form == nil || o.form.script.inline.findBox.Visible() {
		t.Error("it was left or searched")
	}
	o.tabs.SelectIndex(0)
	r.place.Save()
	r.idle()
	if _, at := r.stored().Step("Check twice"); at < 0 {
		t.Error("on the visible tab it is not saved")
	}
}

// seen reports whether the object with the focus is completely in the visible part of the form, or outside the form.
func (r *rig) seen(f *StepForm) bool {
	o, ok := r.window.Canvas().Focused().(fyne.CanvasObject)
	if !ok {
		return false
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(f.scroll).Y
	height := o.Size().Height
	if o == fyne.CanvasObject(f.script.inline.editor) {
		at, size := f.script.inline.editor.CaretArea()
		top, height = top+at.Y, size.Height
	}
	return top+height <= f.scroll.Size().Height && top >= 0 || !r.inForm(f, o)
}

// inForm reports whether o scrolls with the form.
func (r *rig) inForm(f *StepForm, o fyne.CanvasObject) bool {
	driver := fyne.CurrentApp().Driver()
	before := driver.AbsolutePositionForObject(o)
	f.scroll.Content.Move(f.scroll.Content.Position().AddXY(0, 7))
	defer f.scroll.Content.Move(f.scroll.Content.Position().AddXY(0, -7))
	return driver.AbsolutePositionForObject(o) != before
}

func TestTheStepFormFollowsTheFocus(t *testing.T) {
	r := newRig(t, fyne.NewSize(960, 560), website())
	o := r.place.open
	o.openStep(o.project.Steps[1])
	f := o.form
	for _, fo := range f.sections {
		fo.SetOpen(true)
	}
	cv := r.window.Canvas()
	for _, step := range []func(){cv.FocusNext, cv.FocusPrevious} {
		for i := range 80 {
			step()
			r.UntilDrawn(r.window, fmt.Sprintf("object %d, %s, to be visible", i, r.focused()), func() bool { return r.seen(f) })
		}
	}
}

func TestTheStepFormFollowsTheCaret(t *testing.T) {
	r := newRig(t, fyne.NewSize(960, 460), website())
	o := r.place.open
	s := model.NewStep("Long")
	s.Script.Body = strings.Repeat("true\n", 60)
	o.openStep(s)
	f := o.form
	r.window.Canvas().Focus(f.script.inline.editor)
	for _, key := range []fyne.KeyName{fyne.KeyEnd, fyne.KeyHome} {
		f.script.inline.editor.TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl})
		r.UntilDrawn(r.window, "the caret to be visible after "+string(key), func() bool { return r.seen(f) })
	}
	f.script.inline.editor.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyEnd, Modifier: fyne.KeyModifierControl})
	r.UntilDrawn(r.window, "the caret to be visible", func() bool { return r.seen(f) })
	r.typingAway(f)
	r.window.Canvas().Focus(f.script.arguments.text)
	r.UntilDrawn(r.window, "the parameters to be visible", func() bool { return r.seen(f) })
	r.typingAway(f)
}

// typingAway types after the form was scrolled away from the focus.
func (r *rig) typingAway(f *StepForm) {
	r.t.Helper()
	r.Draw(r.window)
	r.PumpFor(20 * time.Millisecond) // let the form finish following the focus
	f.scroll.ScrollToTop()
	if r.seen(f) {
		r.t.Fatal("it is already visible at the top")
	}
	r.typing("x")
	r.UntilDrawn(r.window, "the typed text to be visible", func() bool { return r.seen(f) })
}

func TestFocusScrollsToTheField(t *testing.T) {
	r := newRig(t, fyne.NewSize(960, 460), website())
	o := r.place.open
	o.openStep(o.project.Steps[1])
	for _, path := range o.form.form.Paths() {
		field := o.form.form.Field(path)
		if !field.Visible() {
			continue
		}
		r.window.Canvas().Unfocus()
		o.form.focus(field)
		r.UntilDrawn(r.window, path+" to be visible", func() bool { return r.window.Canvas().Focused() == nil || r.seen(o.form) })
	}
}
