package accounts

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// makeFields creates the fields, and returns the region's with its list of regions.
func (f *Form) makeFields() *control.Combo {
	k := f.form.Keys
	f.name, f.description = control.NewEntry(k), control.NewMultiline(k, 2)
	f.accessKey, f.secretKey, f.sessionToken = control.NewEntry(k), control.NewSecret(k), control.NewSecret(k)
	f.endpoint = control.NewEntry(k)
	f.sandbox = control.NewCheck(k, lang.L("Sandbox: runs are served by a local imitation of AWS, no keys needed"))
	picker := region.NewPicker(k)
	f.region = picker.Entry
	f.accessKey.SetPlaceHolder("AKIA…")
	f.endpoint.SetPlaceHolder("https://…")
	for _, e := range []*control.Entry{f.name, f.accessKey, f.secretKey.Entry, f.sessionToken.Entry} {
		e.OnPaste = f.Fill
	}
	f.sandbox.OnChanged = func(bool) {
		f.updateEndpoint()
		f.form.Changed()
	}
	return picker
}

// newMore returns the section of the fields that are rarely needed.
func (f *Form) newMore() *form.Section {
	rows := form.Rows(
		f.form.Add("description", lang.L("Description"), "", f.description),
		f.form.Add("sessionToken", lang.L("Session token"), lang.L("Only for temporary keys, which begin with ASIA."), f.sessionToken),
		f.form.Add("endpoint", lang.L("Endpoint URL"), lang.L("Empty for AWS itself."), f.endpoint),
	)
	rows.Add(container.New(form.Beside{}, f.sandbox))
	a := f.account
	more := form.NewSection(f.form.Keys, lang.L("More"), a.Endpoint != "" || a.TokenSet || a.Description != "", rows)
	more.Summary = func() string { return lang.L("description · session token · endpoint") }
	return more
}

// newTesting returns the line that is shown while AWS is asked.
func (f *Form) newTesting() *fyne.Container {
	progress := widget.NewLabel(lang.L("Asking AWS who this is…"))
	progress.Importance = widget.LowImportance
	line := container.NewHBox(progress, control.NewButton(f.form.Keys, lang.L("Stop"), f.Cancel))
	line.Hide()
	return line
}

func (f *Form) show() {
	a := f.account
	f.form.Fill(func() {
		f.name.SetText(a.Name)
		f.description.SetText(a.Description)
		f.accessKey.SetText(a.AccessKeyID)
		f.region.SetText(a.Region)
		f.sandbox.SetChecked(a.InSandbox())
		f.endpoint.SetText(a.Endpoint)
		f.secretKey.SetText("")
		f.sessionToken.SetText("")
	})
	f.secretKey.SetStored(a.SecretSet)
	f.sessionToken.SetStored(a.TokenSet)
	f.updateEndpoint()
	f.notes()
}

// updateEndpoint disables the endpoint for a sandbox account, which has none of its own.
func (f *Form) updateEndpoint() {
	if f.sandbox.Checked {
		f.endpoint.Disable()
	} else {
		f.endpoint.Enable()
		if model.NameKey(f.endpoint.Text) == model.Sandbox {
			f.form.Quietly(func() { f.endpoint.SetText("") })
		}
	}
}

// notes shows hints at the fields that are not errors.
func (f *Form) notes() {
	temporary := strings.HasPrefix(strings.TrimSpace(f.accessKey.Text), "ASIA")
	note := ""
	if temporary && !f.sessionToken.Given() {
		note = lang.L("A temporary key works only with its session token: see More.")
	}
	f.form.Field("accessKeyId").SetNote(note, true)
	note = ""
	changed := f.account.SecretSet && f.account.AccessKeyID != "" && strings.TrimSpace(f.accessKey.Text) != f.account.AccessKeyID
	switch {
	case changed && f.secretKey.Value() == "":
		note = lang.L("The access key has changed. Enter its secret key too.")
	case f.account.ID != "" && f.account.NeedsSecret() && f.secretKey.Value() == "":
		note = lang.L("The secret key is not on this computer. Enter it.")
	}
	f.form.Field("secretKey").SetNote(note, true)
	f.form.Field("region").SetNote(model.RegionPlace(f.region.Text), false)
}

// Fill fills the fields from text in one of the formats of ParsePasted, and reports whether text was one.
func (f *Form) Fill(text string) bool {
	p, ok := ParsePasted(text)
	if !ok {
		return false
	}
	put := func(e *control.Entry, value string) {
		if value != "" {
			e.SetText(value)
		}
	}
	if strings.TrimSpace(f.name.Text) == "" {
		put(f.name, p.Name)
	}
	put(f.accessKey, p.AccessKeyID)
	put(f.secretKey.Entry, p.SecretKey)
	put(f.sessionToken.Entry, p.SessionToken)
	put(f.region, p.Region)
	if p.SessionToken != "" {
		f.more.SetOpen(true)
	}
	f.result.Show(lang.L("Filled in from the pasted text."), display.Neutral)
	return true
}
