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

// valuesSection is the part of a step's form with the variables that only this step has. They are saved with the step.
type valuesSection struct {
	owner   *form.Form // of the step
	deps    func() varFormDeps
	list    []value
	rows    *fyne.Container
	content fyne.CanvasObject
	form    *varForm
}

func newValuesSection(owner *form.Form, deps func() varFormDeps) *valuesSection {
	v := &valuesSection{owner: owner, deps: deps, rows: container.NewVBox()}
	hint := widget.NewLabel(lang.L("Variables that only this step has. They override those of the project."))
	hint.Importance, hint.Wrapping = widget.LowImportance, fyne.TextWrapWord
	add := control.NewButton(owner.Keys, lang.L("Add value"), func() { v.open(-1) })
	v.content = container.NewVBox(hint, v.rows, container.NewHBox(add))
	return v
}

func (v *valuesSection) variables() []model.Variable {
	list := make([]model.Variable, len(v.list))
	for i, x := range v.list {
		list[i] = x.Variable
	}
	return list
}

func (v *valuesSection) fill(list []model.Variable) {
	v.list = asValues(list)
	v.show()
}

func (v *valuesSection) show() {
	v.rows.Objects = nil
	for i, x := range v.list {
		name := widget.NewLabelWithStyle(x.Name, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		name.Truncation = fyne.TextTruncateEllipsis
		text := widget.NewLabel(v.text(x))
		text.Truncation = fyne.TextTruncateEllipsis
		edit := control.NewButton(v.owner.Keys, lang.L("Edit"), func() { v.open(i) }).Quiet()
		remove := control.NewButton(v.owner.Keys, lang.L("Remove"), func() {
			v.list = slices.Delete(v.list, i, i+1)
			v.show()
			v.owner.Changed()
		}).Quiet()
		columns := container.NewGridWithColumns(2, name, text)
		v.rows.Add(container.NewBorder(nil, nil, nil, container.NewHBox(edit, remove), columns))
	}
	v.rows.Refresh()
}

func (v *valuesSection) text(x value) string {
	switch {
	case x.Type == model.TypeSensitive && (x.ValueSet || x.secret != ""):
		return hidden
	case x.Type == model.TypeSensitive:
		return lang.L("needs value")
	}
	return strings.Join(strings.Fields(x.Value), " ")
}

func (v *valuesSection) summary() string {
	var names []string
	for _, x := range v.list {
		names = append(names, x.Name)
	}
	if len(names) == 0 {
		return lang.L("none")
	}
	return strings.Join(names, " · ")
}

// open edits the value with index i, or a new one if i is -1.
func (v *valuesSection) open(i int) {
	others := v.variables()
	var values []value
	if i >= 0 {
		others = slices.Delete(others, i, i+1)
		values = []value{v.list[i]}
	}
	v.form = newVarForm(v.deps(), true, others, values)
	v.form.show(func(f *varForm, list []value) {
		if i >= 0 {
			v.list[i] = list[0]
		} else {
			v.list = append(v.list, list[0])
		}
		v.show()
		f.saved()
		v.owner.Changed()
	})
}
