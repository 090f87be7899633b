package accounts

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// Form edits an account with an access key. It is shown in a dialog by Edit, and stands by itself where a page has room for it.
type Form struct {
	deps    Deps
	account model.Account // as it is kept
	form    *form.Form

	name, description, accessKey, region, endpoint *control.Entry
	secretKey, sessionToken                        *control.Secret
	sandbox                                        *control.Check
	result                                         *feedback.Banner
	testing                                        *fyne.Container
	more                                           *form.Section
	content                                        fyne.CanvasObject
	dialog                                         *dialog.Dialog // around it, if there is one

	work async.Task

	OnBusy  func(busy bool)
	OnSaved func(a model.Account)
}

// NewForm makes a form for a, or for a new account where a is the zero value.
func NewForm(deps Deps, a model.Account) *Form {
	if a.Kind == "" {
		a.Kind = model.KindAccessKey
	}
	f := &Form{deps: deps, account: a, form: form.New(), result: feedback.NewBanner()}
	k := f.form.Keys
	f.name, f.description = control.NewEntry(k), control.NewMultiline(k, 2)
	f.accessKey, f.secretKey, f.sessionToken = control.NewEntry(k), control.NewSecret(k), control.NewSecret(k)
	f.endpoint, f.sandbox = control.NewEntry(k), control.NewCheck(k, lang.L("Sandbox: runs are served by a local imitation of AWS, no keys needed"))
	region := region.NewPicker(k)
	f.region = region.Entry
	f.accessKey.SetPlaceHolder("AKIA…")
	f.endpoint.SetPlaceHolder("https://…")
	for _, e := range []*control.Entry{f.name, f.accessKey, f.secretKey.Entry, f.sessionToken.Entry} {
		e.OnPaste = f.Fill
	}
	f.sandbox.OnChanged = func(bool) {
		f.sandboxed()
		f.form.Changed()
	}

	basic := form.Rows(
		f.form.Add("name", lang.L("Name"), "", f.name),
		f.form.Add("accessKeyId", lang.L("Access key"), "", f.accessKey),
		f.form.Add("secretKey", lang.L("Secret key"), lang.L("Kept in the vault and never shown again."), f.secretKey),
		f.form.Add("region", lang.L("Region"), lang.L("For the test of the account. Steps have a region of their own."), region),
	)
	f.form.Add("kind", lang.L("Account type"), "", widget.NewLabel(lang.L("Amazon Web Services Account"))) // this form is for the one kind
	more := form.Rows(
		f.form.Add("description", lang.L("Description"), "", f.description),
		f.form.Add("sessionToken", lang.L("Session token"), lang.L("Only for temporary keys, which begin with ASIA."), f.sessionToken),
		f.form.Add("endpoint", lang.L("Endpoint URL"), lang.L("Empty for AWS itself."), f.endpoint),
	)
	more.Add(container.New(form.Beside{}, f.sandbox))
	f.more = form.NewSection(k, lang.L("More"), a.Endpoint != "" || a.TokenSet || a.Description != "", more)
	f.more.Summary = func() string { return lang.L("description · session token · endpoint") }
	stop := control.NewButton(k, lang.L("Stop"), f.Cancel)
	progress := widget.NewLabel(lang.L("Asking AWS who this is…"))
	progress.Importance = widget.LowImportance
	f.testing = container.NewHBox(progress, stop)
	f.testing.Hide()
	hint := widget.NewLabel(lang.L("Paste an export block, a profile or the text of accessKeys.csv into any field, or drop the file here."))
	hint.Importance, hint.Wrapping = widget.LowImportance, fyne.TextWrapWord
	f.content = container.NewBorder(nil, container.NewVBox(f.testing, f.result.Content()), nil, nil,
		form.Scroll(container.NewVBox(hint, basic, f.more.Content())))
	f.form.Check = f.check
	f.form.OnChanged = f.notes
	f.show()
	return f
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
	f.sandboxed()
	f.notes()
}

// Content gives what to show.
func (f *Form) Content() fyne.CanvasObject { return f.content }

// Keys are those of all fields, for the dialog around.
func (f *Form) Keys() *control.Keys { return f.form.Keys }

// First is the field to begin in.
func (f *Form) First() fyne.Focusable { return f.name }

// Dirty reports whether there are edits that are not saved.
func (f *Form) Dirty() bool { return f.form.Dirty() }

// Paths lists the fields.
func (f *Form) Paths() []string { return f.form.Paths() }

// Account gives what the fields say.
func (f *Form) Account() model.Account {
	a := f.account
	a.Name, a.Description = strings.TrimSpace(f.name.Text), strings.TrimSpace(f.description.Text)
	a.AccessKeyID, a.Region, a.Endpoint = strings.TrimSpace(f.accessKey.Text), strings.TrimSpace(f.region.Text), strings.TrimSpace(f.endpoint.Text)
	if f.sandbox.Checked {
		a.Endpoint = model.Sandbox
	}
	return a
}

// sandboxed shows what an account in the sandbox needs, which is nothing.
func (f *Form) sandboxed() {
	if f.sandbox.Checked {
		f.endpoint.Disable()
	} else {
		f.endpoint.Enable()
		if model.NameKey(f.endpoint.Text) == model.Sandbox {
			f.form.Quietly(func() { f.endpoint.SetText("") })
		}
	}
}

func (f *Form) check() []form.Problem {
	a := f.Account()
	var list []form.Problem
	for _, p := range append(a.Check(), a.CheckSecrets(model.AccountSecrets{SecretKey: f.secretKey.Value(), SessionToken: f.sessionToken.Value()})...) {
		list = append(list, form.Problem{Field: p.Field, Err: p.Err})
	}
	return list
}

// notes say what is not wrong and yet worth knowing.
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
		note = lang.L("The access key is another one now. Enter its secret key too.")
	case f.account.ID != "" && f.account.NeedsSecret() && f.secretKey.Value() == "":
		note = lang.L("Needs its secret on this computer.")
	}
	f.form.Field("secretKey").SetNote(note, true)
	f.form.Field("region").SetNote(model.RegionPlace(f.region.Text), false)
}

// Fill takes text apart into the fields. False means that it is nothing of the kind.
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
	f.result.Show(lang.L("Filled in from what was pasted."), display.Neutral)
	return true
}

// Save checks and saves, and calls then with what was saved. Whatever fails is shown, and nothing typed is lost.
func (f *Form) Save(then func(model.Account)) {
	if f.work.Busy() {
		return
	}
	f.form.ShowAll()
	a := f.Account()
	if bad := f.firstFault(); bad != nil {
		f.result.Show(bad.Error(), display.Bad)
		return
	}
	secrets := model.AccountSecrets{SecretKey: f.secretKey.Value(), SessionToken: f.sessionToken.Value()}
	f.busy(true)
	f.result.Hide()
	async.Load(&f.work, func(ctx context.Context) (model.Account, error) {
		err := f.deps.Service.Save(ctx, &a, secrets)
		return a, err
	}, func(saved model.Account, err error) {
		f.busy(false)
		if err != nil {
			if model.ErrorCode(err) == model.CodeAccountTaken {
				f.form.Explain("name", err)
			}
			f.result.Show(err.Error(), display.Bad)
			return
		}
		f.account = saved
		if f.secretKey.Value() == secrets.SecretKey && f.sessionToken.Value() == secrets.SessionToken {
			f.show() // the secrets are in the vault now
		} else {
			f.secretKey.SetStored(saved.SecretSet) // something was typed meanwhile
		}
		f.deps.changed()
		if f.OnSaved != nil {
			f.OnSaved(saved)
		}
		then(saved)
	})
}

func (f *Form) firstFault() error {
	for _, p := range f.form.Problems() {
		return p.Err
	}
	return nil
}

// SaveAndTest saves, asks AWS who the account is, and shows the answer.
func (f *Form) SaveAndTest() {
	f.Save(func(a model.Account) {
		f.busy(true)
		f.testing.Show()
		async.Load(&f.work, func(ctx context.Context) (model.Verified, error) { return f.deps.Service.Test(ctx, a.Name) }, func(v model.Verified, err error) {
			f.busy(false)
			f.testing.Hide()
			if err != nil {
				f.result.Show(err.Error(), display.Bad)
				return
			}
			f.account.Verified = v.Verification
			f.result.Show(Answer(v), display.Good)
			f.deps.changed()
		})
	})
}

// Answer puts what AWS said into words.
func Answer(v model.Verified) string {
	text := fmt.Sprintf(lang.L("AWS account %s as %s, user id %s, in %s."), v.AWSID, v.ARN, v.UserID, roundTrip(v.RoundTrip))
	if v.Identity.Sandbox {
		text = lang.L("SANDBOX:") + " " + text
	}
	for _, n := range v.Notices {
		text += "\n" + n.Error()
	}
	return text
}

// Cancel stops what is going on.
func (f *Form) Cancel() {
	if !f.work.Busy() {
		return
	}
	f.work.Cancel()
	f.busy(false)
	f.testing.Hide()
	f.result.Show(lang.L("Stopped. The account is saved; AWS was not asked to the end."), display.Neutral)
}

func (f *Form) busy(on bool) {
	if f.OnBusy != nil {
		f.OnBusy(on)
	}
}

// Edit shows the form in a dialog. done hears of the account each time it was saved.
func Edit(deps Deps, a model.Account, done func(model.Account)) *Form {
	f := NewForm(deps, a)
	f.OnSaved = done
	title := lang.L("Add account")
	if a.ID != "" {
		title = a.Name
	}
	d := &dialog.Dialog{
		Title: title, Content: f.Content(), Keys: f.Keys(), Confirm: lang.L("Save"), Cancel: lang.L("Close"),
		Size: fyne.NewSize(680, 560), First: f.First(), Dirty: f.Dirty, OnClosed: f.work.Cancel,
	}
	f.dialog = d
	test := control.NewButton(f.Keys(), lang.L("Save and test"), f.SaveAndTest)
	d.Buttons = []fyne.CanvasObject{test}
	d.OnConfirm = func() { f.Save(func(model.Account) { d.Close() }) }
	f.OnBusy = func(busy bool) {
		d.SetBusy(busy)
		if busy {
			test.Disable()
		} else {
			test.Enable()
		}
	}
	d.Show(deps.Window)
	return f
}
