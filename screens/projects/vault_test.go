package projects

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// No variable is left behind without its value.
func TestALockedVaultPreventsTheSave(t *testing.T) {
	r := newRig(t, small, website())
	r.vault.locked = model.NewError("vault.declined", "The vault stays locked.")
	v := r.openVariable("")
	v.name.SetText("Token")
	v.kind.SetSelected("Sensitive")
	v.blocks[0].secret.SetText("s3cret")
	v.form.Keys.Enter()
	r.idle()
	if _, found := findVariable(r.stored(), "Token"); found {
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
	if saved, found := findVariable(r.stored(), "Token"); !found || !saved.ValueSet {
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

func TestTheStartPageIsShownWithoutProjects(t *testing.T) {
	r := newRig(t, large, nil)
	page := fyne.CanvasObject(display.NewBadge("start page", display.Neutral))
	r.place.deps.StartPage = func() fyne.CanvasObject { return page }
	r.place.list.reload()
	shown := func() bool {
		objects := r.place.list.stage.Content().(*fyne.Container).Objects
		return len(objects) == 1 && objects[0] == page
	}
	r.Until("the start page", shown)
	p := model.Project{Name: "Website"}
	if _, err := r.store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	r.place.Changed()
	r.Until("the list", func() bool { return !shown() })
}
