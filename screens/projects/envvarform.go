package projects

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// envVarForm edits one environment variable.
type envVarForm struct {
	before envValue
	others []model.EnvVar // of the same owner
	scope  func() scope

	form      *form.Form
	name      *control.Entry
	sensitive *control.Check
	text      *control.Entry  // of the value, unless it is sensitive
	secret    *control.Secret // of the value, if it is sensitive
	dialog    *dialog.Dialog
}

func newEnvVarForm(others []model.EnvVar, edited envValue, scope func() scope) *envVarForm {
	f := &envVarForm{before: edited, others: others, scope: scope, form: form.New()}
	k := f.form.Keys
	f.name, f.sensitive = control.NewEntry(k), control.NewCheck(k, lang.L("Sensitive"))
	f.text, f.secret = control.NewMultiline(k, 2), control.NewSecret(k)
	f.name.SetPlaceHolder(lang.L("such as HTTPS_PROXY"))
	f.secret.SetStored(edited.ValueSet && edited.Sensitive)
	f.form.Add("environment[].name", lang.L("Name"), "", f.name)
	f.form.Add("environment[].sensitive", "", lang.L("The value is kept in the vault, never shown again, and hidden in logs."), f.sensitive)
	f.form.Add("environment[].value", lang.L("Value"), lang.L("It may use variables, as #{name}."), f.text)
	f.form.Add(secretPath, lang.L("Value"), "", f.secret)
	f.form.Check = f.check
	f.form.OnChanged = f.update
	f.form.Fill(func() {
		f.name.SetText(edited.Name)
		f.text.SetText(edited.Value)
		f.sensitive.SetChecked(edited.Sensitive)
		if edited.secret != "" {
			f.secret.SetText(edited.secret)
		}
	})
	f.update()
	return f
}

// secretPath is the field of a sensitive value, which is another input than that of a text.
const secretPath = "environment[].value.secret"

// value returns the environment variable as the fields describe it.
func (f *envVarForm) value() envValue {
	x := f.before
	x.Name, x.Sensitive = strings.TrimSpace(f.name.Text), f.sensitive.Checked
	if x.Sensitive {
		x.Value, x.secret, x.ValueSet = "", f.secret.Value(), x.ValueSet && f.before.Sensitive
	} else {
		x.Value, x.secret, x.ValueSet = f.text.Text, "", false
	}
	return x
}

func (f *envVarForm) check() []form.Problem {
	x := f.value()
	var list []form.Problem
	for _, p := range x.Check() {
		list = append(list, form.Problem{Field: "environment[]." + p.Field, Err: p.Err})
	}
	if err := model.CheckEnvValue(x.Name, x.secret); err != nil {
		list = append(list, form.Problem{Field: secretPath, Err: err})
	}
	if i := slices.IndexFunc(f.others, func(o model.EnvVar) bool { return o.Key() == x.Key() }); i >= 0 {
		list = append(list, form.Problem{Field: "environment[].name", Err: model.EnvVarTwice(x.Name, f.others[i].Name)})
	}
	return list
}

// update shows the field of the value's kind, and notes.
func (f *envVarForm) update() {
	on := f.sensitive.Checked
	f.form.Field("environment[].value").SetVisible(!on)
	f.form.Field(secretPath).SetVisible(on)
	f.form.Field("environment[].name").SetNote(model.EnvNotice(f.name.Text), true)
	f.form.Field("environment[].value").SetNote(f.textNote())
}

// textNote returns a warning about a key, or the text with its expressions resolved.
func (f *envVarForm) textNote() (string, bool) {
	if len(leaks(f.name.Text+": "+f.text.Text)) > 0 {
		return lang.L("This looks like a key. Everybody who sees the project can read it."), true
	}
	return f.scope().note(f.text.Text)
}

// show opens the form in a dialog. done is called with what it describes.
func (f *envVarForm) show(w fyne.Window, done func(envValue)) {
	title, confirm := lang.L("Add environment variable"), lang.L("Add")
	if f.before.Name != "" {
		title, confirm = f.before.Name, lang.L("Save")
	}
	var fields []*form.Field
	for _, path := range f.form.Paths() {
		fields = append(fields, f.form.Field(path))
	}
	f.dialog = &dialog.Dialog{
		Title: title, Keys: f.form.Keys, Confirm: confirm, First: f.name, Size: fyne.NewSize(680, 380), Dirty: f.form.Dirty,
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
