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

// envValue is an environment variable that is being edited, with the secret that was typed for it, if any.
type envValue struct {
	model.EnvVar
	secret string
}

// typedEnvSecrets returns the secrets that were typed for environment variables of a step, or of the project if step is empty.
func typedEnvSecrets(step string, edited []envValue) []model.ValueSecret {
	var typed []model.ValueSecret
	for _, e := range edited {
		if e.secret != "" && e.Sensitive {
			typed = append(typed, model.ValueSecret{Step: step, Key: e.Key(), Value: e.secret})
		}
	}
	return typed
}

// envVars is the part of a form with the environment variables of its project or step. They are saved with it.
type envVars struct {
	owner   *form.Form // of the project or step
	window  fyne.Window
	scope   func() scope // in which expressions are resolved
	list    []envValue
	rows    *fyne.Container
	content fyne.CanvasObject
	form    *envVarForm
}

func newEnvVars(owner *form.Form, window fyne.Window, hint string, scope func() scope) *envVars {
	e := &envVars{owner: owner, window: window, scope: scope, rows: container.NewVBox()}
	label := widget.NewLabel(hint)
	label.Importance, label.Wrapping = widget.LowImportance, fyne.TextWrapWord
	add := control.NewButton(owner.Keys, lang.L("Add environment variable"), func() { e.open(-1) })
	e.content = container.NewVBox(label, e.rows, container.NewHBox(add))
	return e
}

func (e *envVars) variables() []model.EnvVar {
	var list []model.EnvVar
	for _, x := range e.list {
		list = append(list, x.EnvVar)
	}
	return list
}

func (e *envVars) fill(list []model.EnvVar) {
	e.list = nil
	for _, v := range list {
		e.list = append(e.list, envValue{EnvVar: v})
	}
	e.show()
}

func (e *envVars) show() {
	e.rows.Objects = nil
	for i, x := range e.list {
		name := widget.NewLabelWithStyle(x.Name, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		name.Truncation = fyne.TextTruncateEllipsis
		text := widget.NewLabel(x.text())
		text.Truncation = fyne.TextTruncateEllipsis
		edit := control.NewButton(e.owner.Keys, lang.L("Edit"), func() { e.open(i) }).Quiet()
		remove := control.NewButton(e.owner.Keys, lang.L("Remove"), func() {
			e.list = slices.Delete(e.list, i, i+1)
			e.changed()
		}).Quiet()
		e.rows.Add(container.NewBorder(nil, nil, nil, container.NewHBox(edit, remove), container.NewGridWithColumns(2, name, text)))
	}
	e.rows.Refresh()
}

func (e *envVars) changed() {
	e.show()
	e.owner.Changed()
}

func (x envValue) text() string {
	switch {
	case x.Sensitive && (x.ValueSet || x.secret != ""):
		return hidden
	case x.Sensitive:
		return lang.L("needs value")
	}
	return strings.Join(strings.Fields(x.Value), " ")
}

func (e *envVars) summary() string {
	var names []string
	for _, x := range e.list {
		names = append(names, x.Name)
	}
	if len(names) == 0 {
		return lang.L("none")
	}
	return strings.Join(names, " · ")
}

// open edits the environment variable with index i, or a new one if i is -1.
func (e *envVars) open(i int) {
	others := e.variables()
	var edited envValue
	if i >= 0 {
		edited = e.list[i]
		others = slices.Delete(others, i, i+1)
	}
	e.form = newEnvVarForm(others, edited, e.scope)
	e.form.show(e.window, func(x envValue) {
		if i >= 0 {
			e.list[i] = x
		} else {
			e.list = append(e.list, x)
		}
		e.changed()
	})
}
