package projects

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// furtherPackageForm edits one further package of a step.
type furtherPackageForm struct {
	before model.ScriptPackage
	others []model.ScriptPackage // of the same step
	scope  func() scope

	form    *form.Form
	name    *control.Entry
	source  *packageSource // its package and version
	extract *control.Check
	dialog  *dialog.Dialog
}

const furtherPath = "script.packages[]."

func newFurtherPackageForm(deps scriptDeps, importFile func(), others []model.ScriptPackage, edited model.ScriptPackage,
) *furtherPackageForm {
	f := &furtherPackageForm{before: edited, others: others, scope: deps.scope, form: form.New()}
	k := f.form.Keys
	f.source = &packageSource{scriptDeps: deps, importFile: importFile}
	f.source.id, f.source.version = control.NewCombo(k, f.source.idItems), control.NewCombo(k, f.source.versionItems)
	f.source.id.SetPlaceHolder(lang.L("package id"))
	f.source.version.SetPlaceHolder(model.LatestVersion)
	f.name, f.extract = control.NewEntry(k), control.NewCheck(k, lang.L("Unpack"))
	f.name.SetPlaceHolder(lang.L("such as Tools"))
	f.form.Add(furtherPath+"name", lang.L("Name"), lang.L("By which the script finds it, and of its folder beside the script."), f.name)
	f.form.Add(furtherPath+"id", lang.L("Package"), "", f.source.id)
	f.form.Add(furtherPath+"version", lang.L("Version"), "", f.source.version)
	f.form.Add(furtherPath+"extract", "", lang.L("Otherwise its file lies beside the script."), f.extract)
	f.form.Check = f.check
	f.form.OnChanged = f.update
	f.form.Fill(func() {
		f.name.SetText(edited.Name)
		f.source.id.SetText(edited.Package)
		f.source.version.SetText(edited.Version)
		f.extract.SetChecked(edited.Extract)
	})
	f.update()
	return f
}

// value returns the package as the fields describe it.
func (f *furtherPackageForm) value() model.ScriptPackage {
	return model.ScriptPackage{
		Name: strings.TrimSpace(f.name.Text), Package: strings.TrimSpace(f.source.id.Text),
		Version: strings.TrimSpace(f.source.version.Text), Extract: f.extract.Checked,
	}
}

func (f *furtherPackageForm) check() []form.Problem {
	var list []form.Problem
	for _, p := range model.CheckScriptPackage(f.value(), f.others) {
		list = append(list, form.Problem{Field: furtherPath + p.Field, Err: p.Err})
	}
	return list
}

// update shows notes at the fields.
func (f *furtherPackageForm) update() {
	f.form.Field(furtherPath + "id").SetNote(f.scope().note(f.source.id.Text))
	f.form.Field(furtherPath + "version").SetNote(f.scope().note(f.source.version.Text))
	id := f.source.id.Text
	if _, known := f.source.chosen(); id != "" && !known && !model.HasExpression(id) && !model.HasExpression(f.source.version.Text) {
		f.form.Field(furtherPath+"id").SetNote(lang.L("Not in the library of this computer. Import it."), true)
	}
}

// show opens the form in a dialog. done is called with what it describes.
func (f *furtherPackageForm) show(w fyne.Window, done func(model.ScriptPackage)) {
	title, confirm := lang.L("Add package"), lang.L("Add")
	if f.before.Name != "" {
		title, confirm = f.before.Name, lang.L("Save")
	}
	var fields []*form.Field
	for _, path := range f.form.Paths() {
		fields = append(fields, f.form.Field(path))
	}
	f.dialog = &dialog.Dialog{
		Title: title, Keys: f.form.Keys, Confirm: confirm, First: f.name, Size: fyne.NewSize(680, 400), Dirty: f.form.Dirty,
		Content: form.Scroll(form.Rows(fields...)),
	}
	f.dialog.OnConfirm = func() {
		if f.form.ShowAll() == nil {
			f.dialog.Close()
			done(f.value())
		}
	}
	f.dialog.Show(w)
}
