package projects

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

func names(p model.Project) string {
	var list []string
	for _, s := range p.Steps {
		list = append(list, s.Name)
	}
	return strings.Join(list, ", ")
}

func (r *rig) row(name string) stepRow {
	r.t.Helper()
	for _, x := range r.place.open.process.table.Rows() {
		if x.Name == name {
			return x
		}
	}
	r.t.Fatalf("no step %q", name)
	return stepRow{}
}

func TestANewProjectIsCreatedAndOpened(t *testing.T) {
	r := newRig(t, small, nil)
	if r.place.list.stage.State() != feedback.StateEmpty {
		t.Fatal("the empty list is not in its empty state")
	}
	r.place.list.add()
	r.Until("the form", func() bool { return r.place.list.form != nil })
	f := r.place.list.form
	f.form.Keys.Enter()
	if f.form.Field("project").Err() == nil {
		t.Error("a project without a name is accepted")
	}
	test.Type(f.name, "Website")
	test.Type(f.added, "Staging")
	f.added.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	test.Type(f.added, "Production")
	f.addEnvironment()
	f.form.Keys.Enter()
	r.Until("the project", func() bool {
		return r.place.Project() == "Website" && r.place.open.process.stage.State() == feedback.StateEmpty
	})
	if got := r.stored().Environments; !slices.Equal(got, []string{"Staging", "Production"}) {
		t.Errorf("environments %v", got)
	}
	if !slices.Contains(r.opened, "Website") {
		t.Errorf("opened %v", r.opened)
	}
	r.place.Home()
	r.Until("the list", func() bool { return len(r.place.list.table.Rows()) == 1 })
	r.place.list.add()
	r.Until("the form", func() bool { return r.place.list.form != f })
	f = r.place.list.form
	test.Type(f.name, "website")
	f.form.Keys.Enter()
	r.Until("the refusal", func() bool { return f.form.Field("project").Err() != nil })
}

func TestStepsAreOrderedDisabledCopiedAndPinned(t *testing.T) {
	r := newRig(t, small, website())
	p := r.place.open.process
	p.table.Select(func(x stepRow) bool { return x.Name == "Roll the web tier" })
	if !p.table.OnShortcut(r.row("Roll the web tier"), &desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt}) {
		t.Fatal("Alt+Up is ignored")
	}
	r.idle()
	if got := names(r.stored()); got != "Roll the web tier, Check" {
		t.Errorf("after Alt+Up: %s", got)
	}
	if s, ok := p.table.Selected(); !ok || s.Name != "Roll the web tier" || !p.up.Disabled() || p.down.Disabled() {
		t.Error("the moved step is not selected")
	}
	test.Tap(p.enable)
	r.idle()
	if s, _ := r.stored().Step("Roll the web tier"); s.Enabled {
		t.Error("still enabled")
	}
	test.Tap(p.duplicate)
	r.idle()
	if got := names(r.stored()); got != "Roll the web tier, Roll the web tier 2, Check" {
		t.Errorf("after Duplicate: %s", got)
	}
	test.Tap(p.pin)
	r.idle()
	if s, _ := r.stored().Step("Roll the web tier"); !s.Pinned {
		t.Error("not pinned")
	}
	r.place.Home()
	r.Until("the pinned step", func() bool { return len(r.place.list.pinned.Objects) == 1 })
}

func TestDeletingAStepCanBeUndone(t *testing.T) {
	r := newRig(t, small, website())
	p := r.place.open.process
	p.delete(r.row("Check"))
	if len(p.table.Rows()) != 1 || names(r.stored()) != "Check, Roll the web tier" {
		t.Error("deleted while the undo is open")
	}
	r.place.undo.Undo()
	if len(p.table.Rows()) != 2 {
		t.Error("it did not come back")
	}
	p.delete(r.row("Check"))
	settled := false
	r.place.Settle(func() { settled = true })
	r.Until("the deletion", func() bool { return settled })
	if got := names(r.stored()); got != "Roll the web tier" {
		t.Errorf("after settling: %s", got)
	}
}

func TestDeletingAProjectCanBeUndone(t *testing.T) {
	r := newRig(t, small, website())
	r.place.Home()
	r.Until("the list", func() bool { return len(r.place.list.table.Rows()) == 1 })
	r.place.list.delete(r.place.list.table.Rows()[0])
	if r.place.list.stage.State() != feedback.StateEmpty {
		t.Error("still listed")
	}
	r.place.undo.Undo()
	if len(r.place.list.table.Rows()) != 1 {
		t.Fatal("it did not come back")
	}
	r.place.list.delete(r.place.list.table.Rows()[0])
	r.place.Hidden()
	r.Until("the project to be gone", func() bool {
		all, err := r.store.Projects(context.Background())
		return err == nil && len(all) == 0
	})
}

func TestUnsavedStepsAreGuarded(t *testing.T) {
	r := newRig(t, small, website())
	r.place.open.openStep(r.row("Check").Step)
	left := false
	r.place.Leave(func() { left = true })
	if !left {
		t.Fatal("leaving an unchanged step asks")
	}
	left = false
	f := r.place.open.form
	test.Type(f.name, "x")
	r.place.Leave(func() { left = true })
	if left || r.window.Canvas().Overlays().Top() == nil {
		t.Fatal("left without being asked")
	}
	r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if left || r.place.open.form != f || !f.Dirty() {
		t.Error("Keep editing lost the edits")
	}
	r.place.Leave(func() { left = true })
	r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.Until("to be left", func() bool { return left })
	if r.place.open.form != nil {
		t.Error("the form stays open")
	}
}

type broken struct{ Store }

func (broken) Project(context.Context, string) (model.Project, error) {
	return model.Project{}, errors.New("the disk is gone")
}

func (broken) Projects(context.Context) ([]model.ProjectInfo, error) {
	return nil, errors.New("the disk is gone")
}

func TestErrorStates(t *testing.T) {
	r := newRig(t, small, website())
	r.place.deps.Store = broken{r.place.deps.Store}
	r.place.Changed()
	r.Until("the error", func() bool { return r.place.open.stage.State() == feedback.StateError })
	r.place.Home()
	r.Until("the error", func() bool { return r.place.list.stage.State() == feedback.StateError })
}

func TestEnvironmentsAreOrderedAndRenamed(t *testing.T) {
	r := newRig(t, small, website())
	changes := 0
	f := newEnvironmentsForm(r.place.deps, func() { changes++ })
	order := func() string {
		var list []string
		for _, e := range f.list {
			list = append(list, e.Name)
		}
		return strings.Join(list, " ")
	}
	f.reload()
	r.Until("the list", func() bool { return order() == "Staging Production" })
	f.move(f.list[1], -1)
	r.Until("the order", func() bool { return order() == "Production Staging" })
	f.remove(f.list[0])
	r.Until("the refusal", func() bool { return strings.Contains(f.result.Text(), "used") })
	f.name = control.NewEntry(nil)
	f.name.SetText("Live")
	f.save(f.list[0])
	r.Until("the name", func() bool { return order() == "Live Staging" })
	if changes != 2 {
		t.Errorf("%d changes reported, want 2", changes)
	}
}
