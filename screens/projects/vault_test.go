package projects

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// A vault that stays locked keeps a project as it was: no variable without its value is left behind.
func TestALockedVaultChangesNothing(t *testing.T) {
	r := newRig(t, small, website())
	r.vault.locked = model.NewError("vault.declined", "The vault stays locked.")
	v := r.openVariable("")
	v.name.SetText("Token")
	v.kind.SetSelected("Sensitive")
	v.blocks[0].secret.SetText("s3cret")
	v.form.Keys.Enter()
	r.idle()
	if _, there := findVariable(r.stored(), "Token"); there {
		t.Error("the variable was saved without its value")
	}
	if v.blocks[0].secret.Value() != "s3cret" || !v.dialog.Visible() {
		t.Error("what was typed is lost")
	}
	r.vault.mu.Lock()
	r.vault.locked = nil
	r.vault.mu.Unlock()
	v.form.Keys.Enter()
	r.idle()
	if saved, there := findVariable(r.stored(), "Token"); !there || !saved.ValueSet {
		t.Errorf("not saved at the second try: %+v", saved)
	}
}

func findVariable(p model.Project, name string) (model.Variable, bool) {
	for _, v := range p.Variables {
		if v.Name == name {
			return v, true
		}
	}
	return model.Variable{}, false
}

func TestDoorsStandWhereNoProjectIs(t *testing.T) {
	r := newRig(t, large, nil)
	doors := fyne.CanvasObject(display.NewBadge("doors", display.Neutral))
	r.place.deps.Doors = func() fyne.CanvasObject { return doors }
	r.place.list.reload()
	shown := func() bool {
		return len(r.place.list.stage.Content().(*fyne.Container).Objects) == 1 && r.place.list.stage.Content().(*fyne.Container).Objects[0] == doors
	}
	r.Until("the doors", shown)
	p := model.Project{Name: "Website"}
	if _, err := r.store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	r.place.Changed()
	r.Until("the list", func() bool { return !shown() })
}
