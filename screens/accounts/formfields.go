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

func (f *Form) makeFields() {
	k := f.form.Keys
	f.name, f.description = control.NewEntry(k), control.NewMultiline(k, 2)
	f.accessKey, f.secretKey, f.sessionToken = control.NewEntry(k), control.NewSecret(k), control.NewSecret(k)
	f.mfaDevice, f.process, f.endpoint = control.NewEntry(k), control.NewEntry(k), control.NewEntry(k)
	f.process.TextStyle.Monospace = true
	f.profile = control.NewCombo(k, f.profileItems)
	f.startURL, f.signInRegion = control.NewCombo(k, f.portalItems), region.NewPicker(k)
	f.awsAccount, f.role = control.NewCombo(k, f.accountItems), control.NewCombo(k, f.roleItems)
	f.region = region.NewPicker(k)
	f.sandbox = control.NewCheck(k, lang.L("Sandbox: runs are served by a local imitation of AWS, no keys needed"))
	f.setPlaceHolders()
	for _, e := range []*control.Entry{f.name, f.accessKey, f.secretKey.Entry, f.sessionToken.Entry} {
		e.OnPaste = f.Fill
	}
	for _, e := range []*control.Entry{f.accessKey, f.secretKey.Entry} {
		e.OnLeave = func() { f.judge(e) }
	}
	f.startURL.OnChanged, f.awsAccount.OnChanged = f.fillSignInRegion, f.chosenAWSAccount
	f.sandbox.OnChanged = func(bool) {
		f.updateEndpoint()
		f.form.Changed()
	}
}

func (f *Form) setPlaceHolders() {
	f.accessKey.SetPlaceHolder("AKIA…")
	f.mfaDevice.SetPlaceHolder("arn:aws:iam::123456789012:mfa/ana")
	f.profile.SetPlaceHolder(lang.L("name of a profile in ~/.aws"))
	f.startURL.SetPlaceHolder("https://d-1234567890.awsapps.com/start")
	f.awsAccount.SetPlaceHolder(lang.L("twelve digits, or a name once signed in"))
	f.role.SetPlaceHolder("AdministratorAccess")
	f.process.SetPlaceHolder("aws_signing_helper credential-process --certificate …")
	f.endpoint.SetPlaceHolder("https://…")
}

// basicRows returns the fields that an account of some kind needs, in order.
func (f *Form) basicRows() *fyne.Container {
	return form.Rows(
		f.form.Add("kind", lang.L("Account type"), "", f.newKinds()),
		f.form.Add("name", lang.L("Name"), "", f.name),
		f.form.Add("accessKeyId", lang.L("Access key"), "", f.accessKey),
		f.form.Add("secretKey", lang.L("Secret key"), lang.L("Kept in the vault and never shown again."), f.secretKey),
		f.form.Add("profile", lang.L("Profile"), lang.L("Its keys are read from ~/.aws each time they are needed."), f.profile),
		f.form.Add("startUrl", lang.L("Start URL"), lang.L("Of your access portal. One sign-in serves all accounts with this URL."), f.startURL),
		f.form.Add("signInRegion", lang.L("Sign-in region"), signInRegionHelp(f.kind), f.signInRegion),
		f.form.Add(signInPath, lang.L("Sign-in"), "", f.signIn.content),
		f.form.Add("awsAccount", lang.L("AWS account"), "", f.awsAccount),
		f.form.Add("role", lang.L("Role"), "", f.role),
		f.form.Add("process", lang.L("Command line"), lang.L("One line that prints keys as JSON, as credential_process in ~/.aws/config."),
			f.process),
		f.form.Add("region", lang.L("Region"), lang.L("Used to test the account. Steps have their own region."), f.region),
	)
}

// newMore returns the section of the fields that are rarely needed.
func (f *Form) newMore() *form.Section {
	rows := form.Rows(
		f.form.Add("description", lang.L("Description"), "", f.description),
		f.form.Add("sessionToken", lang.L("Session token"), lang.L("Only for temporary keys, which begin with ASIA."), f.sessionToken),
		f.form.Add("mfaDevice", lang.L("MFA device"),
			lang.L("Its ARN or serial number, if AWS asks for a code. A run asks for the code before it starts."), f.mfaDevice),
		f.form.Add("endpoint", lang.L("Endpoint URL"), lang.L("Empty for AWS itself."), f.endpoint),
	)
	f.sandboxRow = container.New(form.Beside{}, f.sandbox)
	rows.Add(f.sandboxRow)
	a := f.account
	open := a.Endpoint != "" || a.TokenSet || a.Description != "" || a.MFADevice != ""
	more := form.NewSection(f.form.Keys, lang.L("More"), open, rows)
	more.Summary = f.moreSummary
	return more
}

// newTesting returns the line that is shown while AWS is asked.
func (f *Form) newTesting() *fyne.Container {
	f.progress = widget.NewLabel("")
	f.progress.Importance, f.progress.Wrapping = widget.LowImportance, fyne.TextWrapWord
	stop := container.NewCenter(control.NewButton(f.form.Keys, lang.L("Stop"), f.Cancel))
	line := container.NewBorder(nil, nil, nil, stop, f.progress)
	line.Hide()
	return line
}

// show fills the fields with the account as it was saved.
func (f *Form) show() {
	a := f.account
	f.form.Fill(func() {
		// A start URL fills in its region, and an AWS account its role, where those are empty: they come first.
		for _, v := range []struct {
			entry *control.Entry
			text  string
		}{
			{f.name, a.Name},
			{f.description, a.Description},
			{f.accessKey, a.AccessKeyID},
			{f.mfaDevice, a.MFADevice},
			{f.profile.Entry, a.Profile},
			{f.signInRegion.Entry, a.SignInRegion},
			{f.startURL.Entry, a.StartURL},
			{f.role.Entry, a.RoleName},
			{f.awsAccount.Entry, a.AWSID},
			{f.process, a.Process},
			{f.region.Entry, a.Region},
			{f.secretKey.Entry, ""},
			{f.sessionToken.Entry, ""},
		} {
			v.entry.SetText(v.text)
		}
		f.sandbox.SetChecked(a.InSandbox())
		f.endpoint.SetText(a.Endpoint)
	})
	f.judged = map[*control.Entry]bool{f.accessKey: a.ID != ""}
	f.secretKey.SetStored(a.SecretSet)
	f.sessionToken.SetStored(a.TokenSet)
	f.setKind(a.Kind)
	f.shown = f.entered()
}

func (f *Form) inSandbox() bool { return f.sandbox.Checked && f.kind == model.KindAccessKey }

// updateEndpoint disables the endpoint for a sandbox account, which has none of its own.
func (f *Form) updateEndpoint() {
	if f.inSandbox() {
		f.endpoint.Disable()
		return
	}
	f.endpoint.Enable()
	if model.NameKey(f.endpoint.Text) == model.Sandbox {
		f.form.Quietly(func() { f.endpoint.SetText("") })
	}
}

// notes shows hints at the fields that are not errors.
func (f *Form) notes() {
	note := func(path, text string, bad bool) { f.form.Field(path).SetNote(text, bad) }
	note("accessKeyId", f.keyNote(), true)
	note("secretKey", f.secretNote(), true)
	note("region", model.RegionPlace(f.region.Text), false)
	note("signInRegion", model.RegionPlace(f.signInRegion.Text), false)
	note("process", lang.L("It runs on this computer, as you. Enter only a program that you trust."), true)
	text, bad := f.profileNote()
	note("profile", text, bad)
	id, role := strings.TrimSpace(f.awsAccount.Text), strings.TrimSpace(f.role.Text)
	text, bad = f.portal.accountNote(id)
	note("awsAccount", text, bad)
	text, bad = f.portal.roleNote(id, role)
	note("role", text, bad)
}

// keyNote warns of a key that is not of the form of AWS's, and of a temporary key without its session token.
func (f *Form) keyNote() string {
	if id := f.accessKey.Text; f.judged[f.accessKey] && f.odd(id, "") != "" {
		return f.odd(id, f.secrets().SecretKey) // with both it shows that they are swapped
	}
	if strings.HasPrefix(strings.TrimSpace(f.accessKey.Text), "ASIA") && !f.sessionToken.Given() {
		return lang.L("A temporary key works only with its session token: see More.")
	}
	return ""
}

// odd warns of a key that AWS has hardly issued. A server behind an endpoint has keys of its own.
func (f *Form) odd(id, secret string) string {
	if f.kind != model.KindAccessKey || strings.TrimSpace(f.endpoint.Text) != "" || f.inSandbox() {
		return ""
	}
	return model.OddAccessKey(id, secret)
}

// judge warns of what was entered in a field once the person has left it: a key that is being typed is not complete yet.
func (f *Form) judge(e *control.Entry) {
	f.judged[e] = true
	f.notes()
}

// secretNote warns where the secret key has to be entered, and of one that is not of the form of AWS's.
func (f *Form) secretNote() string {
	changed := f.account.SecretSet && f.account.AccessKeyID != "" && strings.TrimSpace(f.accessKey.Text) != f.account.AccessKeyID
	switch {
	case changed && f.secretKey.Value() == "":
		return lang.L("The access key has changed. Enter its secret key too.")
	case f.account.ID != "" && f.account.NeedsSecret() && f.secretKey.Value() == "":
		return lang.L("The secret key is not on this computer. Enter it.")
	case f.judged[f.secretKey.Entry]:
		return f.odd("", f.secrets().SecretKey)
	}
	return ""
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
	put(f.region.Entry, p.Region)
	if p.SessionToken != "" {
		f.more.SetOpen(true)
	}
	f.judge(f.accessKey)
	f.judge(f.secretKey.Entry)
	f.result.Show(lang.L("Filled in from the pasted text."), display.Neutral)
	return true
}
