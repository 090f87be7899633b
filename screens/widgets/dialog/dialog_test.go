package dialog_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

func TestDialogGuardsEdits(t *testing.T) {
	a := uitest.New(t)
	f := form.New()
	name := control.NewEntry(f.Keys)
	row := f.Add("name", "Name", "", name)
	f.Fill(func() {})
	w := a.Show(container.NewStack(), fyne.NewSize(800, 600))
	confirmed := 0
	d := &dialog.Dialog{
		Title: "Edit", Content: form.Rows(row), Keys: f.Keys, Confirm: "Save", Size: fyne.NewSize(500, 300), First: name,
		Dirty: f.Dirty, OnConfirm: func() { confirmed++ },
	}
	d.Show(w)
	if w.Canvas().Focused() != name {
		t.Error("the first field does not have the focus")
	}
	name.TypedKey(uitest.Key(fyne.KeyReturn))
	if confirmed != 1 || !d.Visible() {
		t.Errorf("Enter confirmed %d times, open %v", confirmed, d.Visible())
	}
	test.Type(name, "x")
	name.TypedKey(uitest.Key(fyne.KeyEscape))
	if !d.Visible() || len(w.Canvas().Overlays().List()) != 2 {
		t.Fatal("Escape lost edits without asking")
	}
	w.Canvas().OnTypedKey()(uitest.Key(fyne.KeyEscape)) // keep editing
	if !d.Visible() || len(w.Canvas().Overlays().List()) != 1 {
		t.Fatal("Escape does not close the question")
	}
	f.Saved()
	name.TypedKey(uitest.Key(fyne.KeyEscape))
	if d.Visible() {
		t.Error("Escape does not close the dialog")
	}
}
