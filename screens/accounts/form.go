package accounts

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/waits"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// Form edits an account of any kind. Edit shows it in a dialog; a page can also embed it.
type Form struct {
	deps    Deps
	account model.Account // as saved
	form    *form.Form
	kind    model.AccountKind // that is chosen
	shown   entered           // when the account was shown

	kinds     *control.Select
	kindFixed *widget.Label // in place of kinds, once the account is saved

	name, description, accessKey, mfaDevice, process, endpoint *control.Entry
	secretKey, sessionToken                                    *control.Secret
	judged                                                     map[*control.Entry]bool // of which it is warned
	oddSaved                                                   string                  // what the key that was saved last is warned of
	profile, startURL, signInRegion, awsAccount, role, region  *control.Combo
	sandbox                                                    *control.Check
	sandboxRow                                                 *fyne.Container
	hint, progress                                             *widget.Label
	result                                                     *feedback.Banner
	testing                                                    *fyne.Container
	more                                                       *form.Section
	content                                                    fyne.CanvasObject
	dialog                                                     *dialog.Dialog // that shows the form; nil if a page embeds it

	signIn   *signInLine
	profiles profiles
	portal   portal
	work     async.Task

	OnBusy  func(busy bool)
	OnSaved func(a model.Account)
}

// NewForm returns a form for a, or for a new account if a is the zero value.
func NewForm(deps Deps, a model.Account) *Form {
	if a.Kind == "" {
		a.Kind = model.KindAccessKey
	}
	f := &Form{deps: deps, account: a, kind: a.Kind, form: form.New(), result: feedback.NewBanner()}
	f.newSignIn()
	f.makeFields()
	basic := f.basicRows()
	f.more = f.newMore()
	f.hint = widget.NewLabel(lang.L("Paste an export block, a profile or the text of accessKeys.csv into any field, or drop the file here."))
	f.hint.Importance, f.hint.Wrapping = widget.LowImportance, fyne.TextWrapWord
	f.testing = f.newTesting()
	f.content = container.NewBorder(nil, container.NewVBox(f.testing, f.result.Content()), nil, nil,
		form.Scroll(container.NewVBox(basic, f.more.Content(), f.hint)))
	f.form.Check = f.check
	f.form.OnChanged = f.signInChanged
	f.show()
	f.signIn.open()
	return f
}

func (f *Form) Content() fyne.CanvasObject { return f.content }

// Keys returns the key bindings of all fields, for the dialog around them.
func (f *Form) Keys() *control.Keys { return f.form.Keys }

// First returns the field that gets the focus first.
func (f *Form) First() fyne.Focusable { return f.name }

// Dirty reports whether something would be lost that the person has entered since the account was shown or saved, be it in a field of
// another kind. The kind alone is no loss.
func (f *Form) Dirty() bool { return f.form.Dirty() && f.entered() != f.shown }

// entered returns what the fields of all kinds hold.
func (f *Form) entered() (e entered) {
	for i, field := range []*control.Entry{
		f.name, f.description, f.accessKey, f.mfaDevice, f.process, f.endpoint, f.profile.Entry, f.startURL.Entry, f.signInRegion.Entry,
		f.awsAccount.Entry, f.role.Entry, f.region.Entry, f.secretKey.Entry, f.sessionToken.Entry,
	} {
		e.texts[i] = strings.TrimSpace(field.Text)
	}
	e.sandbox = f.sandbox.Checked
	return e
}

// entered is what the fields of a form hold.
type entered struct {
	texts   [14]string
	sandbox bool
}

// Paths returns the model paths of the fields.
func (f *Form) Paths() []string { return f.form.Paths() }

// Account returns the account as the fields of its kind describe it.
func (f *Form) Account() model.Account {
	text := func(e *control.Entry) string { return strings.TrimSpace(e.Text) }
	a := f.account
	a.Kind, a.Name, a.Description = f.kind, text(f.name), text(f.description)
	a.AccessKeyID, a.MFADevice, a.Profile, a.Process = text(f.accessKey), text(f.mfaDevice), text(f.profile.Entry), text(f.process)
	a.StartURL, a.SignInRegion = text(f.startURL.Entry), text(f.signInRegion.Entry)
	a.AWSID, a.RoleName = text(f.awsAccount.Entry), text(f.role.Entry)
	a.Region, a.Endpoint = text(f.region.Entry), text(f.endpoint)
	if f.inSandbox() {
		a.Endpoint = model.Sandbox
	}
	return a.OnlyOwnFields()
}

// secrets returns the secrets that were typed, if the kind of account has any.
func (f *Form) secrets() model.AccountSecrets {
	if !f.kind.HasField("secretKey") {
		return model.AccountSecrets{}
	}
	a := f.Account()
	return model.AccountSecrets{SecretKey: a.CleanSecret(f.secretKey.Value()), SessionToken: a.CleanSecret(f.sessionToken.Value())}
}

func (f *Form) check() []form.Problem {
	a := f.Account()
	var list []form.Problem
	for _, p := range append(a.Check(), a.CheckSecrets(f.secrets())...) {
		list = append(list, form.Problem(p))
	}
	return list
}

// Save checks and saves the account, then calls then with it. It shows errors and keeps everything that was typed.
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
	secrets := f.secrets()
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
		f.account, f.oddSaved = saved, f.odd(saved.AccessKeyID, secrets.SecretKey)
		if f.secrets() == secrets {
			f.show() // the secrets are in the vault now
		} else {
			f.secretKey.SetStored(saved.SecretSet) // the user typed on while saving
			f.setKind(f.kind)
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

// SaveAndTest saves, lets the person sign in if that is needed, asks AWS who the account is, and shows the answer.
func (f *Form) SaveAndTest() {
	f.Save(func(a model.Account) {
		f.signedIn(a, func() { f.test(a) })
	})
}

func (f *Form) test(a model.Account) {
	f.busy(true)
	f.progress.SetText(lang.L("Asking AWS who this is…"))
	f.testing.Show()
	test := func(ctx context.Context) (model.Verified, error) {
		return f.deps.Service.Test(waits.Told(ctx, f.progress.SetText), a.Name)
	}
	async.Load(&f.work, test, func(v model.Verified, err error) {
		f.busy(false)
		f.testing.Hide()
		if err != nil {
			f.result.Show(withNotices(err.Error(), v), display.Bad)
			return
		}
		f.account.Verified = v.Verification
		f.result.Show(Answer(v), display.Good)
		f.deps.changed()
	})
}

// Answer formats the result of a test.
func Answer(v model.Verified) string {
	aws := model.AWSAccount{ID: v.AWSID, Alias: v.Alias}
	took := lang.L("{{.N}} ms", map[string]any{"N": v.RoundTrip.Milliseconds()})
	text := lang.L("AWS account {{.Account}} as {{.ARN}}, user id {{.UserID}}, in {{.Time}}.",
		map[string]any{"Account": aws.String(), "ARN": v.ARN, "UserID": v.UserID, "Time": took})
	if v.Identity.Sandbox {
		text = lang.L("SANDBOX:") + " " + text
	}
	return withNotices(text, v)
}

func withNotices(text string, v model.Verified) string {
	for _, n := range v.Notices {
		text += "\n" + n.Error()
	}
	return text
}

// Cancel stops the save or test that is running.
func (f *Form) Cancel() {
	if !f.work.Busy() {
		return
	}
	f.work.Cancel()
	f.busy(false)
	f.testing.Hide()
	f.result.Show(lang.L("Cancelled. The account was saved but not tested."), display.Neutral)
}

// close ends what the form does in the background.
func (f *Form) close() {
	f.work.Cancel()
	f.profiles.load.Cancel()
	f.portal.load.Cancel()
	f.signIn.close()
}

func (f *Form) busy(on bool) {
	if f.OnBusy != nil {
		f.OnBusy(on)
	}
}

// Edit shows the form in a dialog. It calls done, if not nil, each time the account has been saved.
func Edit(deps Deps, a model.Account, done func(model.Account)) *Form {
	f := NewForm(deps, a)
	f.OnSaved = done
	title := lang.L("Add account")
	if a.ID != "" {
		title = a.Name
	}
	d := &dialog.Dialog{
		Title: title, Content: f.Content(), Keys: f.Keys(), Confirm: lang.L("Save"), Cancel: lang.L("Close"),
		Size: fyne.NewSize(700, 600), First: f.First(), Dirty: f.Dirty, OnClosed: f.close,
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
