package projects

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// furtherPackages is the part of the script section with the further packages of the step. They are saved with it.
type furtherPackages struct {
	scriptDeps
	importFile func() // asks for a package to import
	list       []model.ScriptPackage
	rows       *fyne.Container
	content    fyne.CanvasObject
	edited     *furtherPackageForm
}

func newFurtherPackages(deps scriptDeps, importFile func()) *furtherPackages {
	f := &furtherPackages{scriptDeps: deps, importFile: importFile, rows: container.NewVBox()}
	add := control.NewButton(deps.form.Keys, lang.L("Add package"), func() { f.open(-1) })
	field := f.form.Add("script.packages", lang.L("Further packages"),
		lang.L("Lie beside the script, each in a folder of its name. The script finds them by Octopus.Action.Package[name].ExtractedPath."),
		container.NewVBox(f.rows, container.NewHBox(add)))
	f.content = f.passWheel(field.Row())
	return f
}

func (f *furtherPackages) fill(list []model.ScriptPackage) {
	f.list = slices.Clone(list)
	f.show()
}

func (f *furtherPackages) show() {
	f.rows.Objects = nil
	for i, p := range f.list {
		name := widget.NewLabelWithStyle(p.Name, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		name.Truncation = fyne.TextTruncateEllipsis
		text := widget.NewLabel(furtherPackageText(strings.TrimSpace(p.Package+" "+p.Version), p.Extract))
		text.Truncation = fyne.TextTruncateEllipsis
		edit := control.NewButton(f.form.Keys, lang.L("Edit"), func() { f.open(i) }).Quiet()
		remove := control.NewButton(f.form.Keys, lang.L("Remove"), func() {
			f.list = slices.Delete(slices.Clone(f.list), i, i+1)
			f.changed()
		}).Quiet()
		f.rows.Add(container.NewBorder(nil, nil, nil, container.NewHBox(edit, remove), container.NewGridWithColumns(2, name, text)))
	}
	f.rows.Refresh()
}

// furtherPackageText says which package it is, and whether its file stays packed.
func furtherPackageText(text string, extract bool) string {
	if !extract {
		text += " · " + lang.L("not unpacked")
	}
	return text
}

func (f *furtherPackages) changed() {
	f.show()
	f.form.Changed()
}

// open edits the package with index i, or a new one if i is -1.
func (f *furtherPackages) open(i int) {
	others, edited := slices.Clone(f.list), model.ScriptPackage{Extract: true}
	if i >= 0 {
		edited = f.list[i]
		others = slices.Delete(others, i, i+1)
	}
	f.edited = newFurtherPackageForm(f.scriptDeps, f.importFile, others, edited)
	f.edited.show(f.window, func(p model.ScriptPackage) {
		f.list = slices.Clone(f.list)
		if i >= 0 {
			f.list[i] = p
		} else {
			f.list = append(f.list, p)
		}
		f.changed()
	})
}

// problems returns those of a step, with the ones of single packages at the list.
func (f *furtherPackages) problems(list []form.Problem) []form.Problem {
	for i, p := range list {
		if strings.HasPrefix(p.Field, "script.packages[") {
			list[i].Field = "script.packages"
		}
	}
	return list
}
