package projects

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestFurtherPackagesAreAddedChangedAndRemoved(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	further := f.script.further
	add := func(p model.ScriptPackage) {
		t.Helper()
		further.open(-1)
		further.edited.name.SetText(p.Name)
		further.edited.source.id.SetText(p.Package)
		further.edited.source.version.SetText(p.Version)
		further.edited.extract.SetChecked(p.Extract)
		further.edited.form.Keys.Enter()
	}
	tools := model.ScriptPackage{Name: "Tools", Package: "Acme.Tools", Version: "1.0", Extract: true}
	raw := model.ScriptPackage{Name: "Raw", Package: "#{Package}"}
	add(tools)
	add(raw)
	if got := f.Step().Script.Packages; !reflect.DeepEqual(got, []model.ScriptPackage{tools, raw}) {
		t.Fatalf("the step has %+v", got)
	}

	// One that would lie in the same folder is refused.
	further.open(-1)
	further.edited.name.SetText("tools")
	further.edited.source.id.SetText("Acme.Other")
	further.edited.form.Keys.Enter()
	if list := further.edited.form.Problems(); len(list) != 1 || !strings.Contains(list[0].Err.Error(), "same folder") {
		t.Errorf("the problems are %v", list)
	}
	further.edited.dialog.Close()
	if got := f.Step().Script.Packages; len(got) != 2 {
		t.Errorf("the step has %+v", got)
	}

	further.open(1)
	further.edited.extract.SetChecked(true)
	further.edited.form.Keys.Enter()
	f.Save(nil)
	r.idle()
	raw.Extract = true
	stored, _ := r.stored().Step("Check")
	if !reflect.DeepEqual(stored.Script.Packages, []model.ScriptPackage{tools, raw}) {
		t.Errorf("stored are %+v", stored.Script.Packages)
	}
}

// A package without an id can be saved, not run, and its list says what is missing.
func TestAFurtherPackageWithoutAnIDIsToldAtTheList(t *testing.T) {
	project := website()
	project.Steps[0].Script.Packages = []model.ScriptPackage{{Name: "Tools", Extract: true}}
	r := newRig(t, large, project)
	f := r.edit("Check")
	f.form.ShowAll()
	for _, p := range f.form.Problems() {
		if p.Field == "script.packages" && strings.Contains(p.Err.Error(), "Tools") {
			return
		}
	}
	t.Errorf("the problems are %v", f.form.Problems())
}
