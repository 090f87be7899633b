package welcome

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/waits"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// The kinds of accounts that the page offers.
const (
	wayKey      = "key"
	wayProfile  = "profile"
	waySignIn   = "sign-in"
	wayRole     = "role"
	wayExisting = "existing"
)

// accountPart chooses the step's account: a new access key, the role of this instance, or an existing account. For other kinds it opens
// the form of accounts, and then has an existing one.
type accountPart struct {
	page *page
	work async.Task

	way                       *control.Choice
	accessKey, endpoint, name *control.Entry
	secretKey, sessionToken   *control.Secret
	sandbox                   *control.Check
	existing                  *control.Picker
	more                      *form.Section
	keys, role, others, form  *fyne.Container
	formAbout                 *widget.Label
	test, stop                *control.Button
	result                    *feedback.Banner
	nameField                 *form.Field
	nameIs                    string // the suggested name
	verified                  model.Verification
	verifiedOf                [5]string // what verified and result are about
	content                   *fyne.Container
}

func newAccountPart(g *page) *accountPart {
	f := g.form
	k := f.Keys
	a := &accountPart{page: g, result: feedback.NewBanner()}
	a.way = control.NewChoice(k, a.ways()...)
	a.accessKey, a.endpoint, a.name = control.NewEntry(k), control.NewEntry(k), control.NewEntry(k)
	a.secretKey, a.sessionToken = control.NewSecret(k), control.NewSecret(k)
	a.secretKey.SetStored(false)
	a.sessionToken.SetStored(false)
	a.accessKey.SetPlaceHolder("AKIA…")
	a.endpoint.SetPlaceHolder("https://…")
	for _, e := range []*control.Entry{a.accessKey, a.secretKey.Entry, a.sessionToken.Entry} {
		e.OnPaste = a.paste
	}
	a.sandbox = control.NewCheck(k, lang.L("Sandbox: run against a local imitation of AWS, without real keys"))
	a.existing = control.NewPicker(k, a.items)
	a.test = control.NewButton(k, lang.L("Test"), a.ask)
	a.stop = control.NewButton(k, lang.L("Stop"), a.cancel)
	a.stop.Hide()

	hint := widget.NewLabel(lang.L("Paste an export block or a profile into any field, or drop accessKeys.csv here."))
	hint.Importance, hint.Wrapping = widget.LowImportance, fyne.TextWrapWord
	more := form.Rows(
		f.Add("account.sessionToken", lang.L("Session token"), lang.L("Only for temporary keys, which begin with ASIA."), a.sessionToken),
		f.Add("account.endpoint", lang.L("Endpoint URL"), lang.L("Leave empty for AWS."), a.endpoint),
	)
	more.Add(container.New(form.Beside{}, a.sandbox))
	a.more = form.NewSection(k, lang.L("More"), false, more)
	a.more.Summary = func() string { return lang.L("session token · endpoint · sandbox") }
	a.more.Refresh()
	a.keys = container.NewVBox(hint,
		f.Add("account.accessKeyId", lang.L("Access key"), "", a.accessKey).Row(),
		f.Add("account.secretKey", lang.L("Secret key"), lang.L("Kept in the vault and never shown again."), a.secretKey).Row(),
		a.more.Content(),
	)
	about := widget.NewLabel(lang.L("For a computer that is an EC2 instance with a role. " +
		"The credentials come from the instance, and nothing is stored."))
	about.Importance, about.Wrapping = widget.LowImportance, fyne.TextWrapWord
	a.role = container.NewVBox(about)
	a.others = container.NewVBox(f.Add("account.existing", lang.L("AWS Account"), "", a.existing).Row())
	a.form = a.newForm(k)
	kind := f.Add("account.kind", lang.L("Log in with"), "", a.way)
	a.nameField = f.Add("account.name", lang.L("Account"), lang.L("Name for the access key in Stepdeck."), a.name)
	a.content = container.NewVBox(kind.Row(), a.keys, a.role, a.others, a.form,
		container.New(form.Beside{}, container.NewHBox(a.test, a.stop)), a.result.Content())
	a.sandbox.OnChanged = func(bool) { f.Changed() }
	return a
}

func (a *accountPart) nameRow() fyne.CanvasObject { return a.nameField.Row() }

// fill sets the initial values.
func (a *accountPart) fill() {
	// Sandbox accounts are left out: they come from the sample, and now the person wants to use AWS.
	list := slices.DeleteFunc(a.usable(), model.Account.InSandbox)
	if len(list) > 0 {
		a.way.SetValue(wayExisting)
		best := slices.MaxFunc(list, func(x, y model.Account) int { return x.Verified.At.Compare(y.Verified.At) })
		a.existing.SetValue(best.Name)
	}
	a.suggest("")
}

// usable returns the accounts to choose from, without the instance role, which has an option of its own.
func (a *accountPart) usable() []model.Account {
	isRole := func(x model.Account) bool { return x.Kind == model.KindInstanceRole }
	return slices.DeleteFunc(slices.Clone(a.page.known.accounts), isRole)
}

func (a *accountPart) items() []control.Item {
	var items []control.Item
	for _, x := range a.usable() {
		detail := accounts.KindLine(x)
		if x.Verified.AWSID != "" {
			detail += " · " + x.Verified.AWSID
		}
		items = append(items, control.Item{Value: x.Name, Title: x.Name, Detail: detail})
	}
	return items
}

// region returns the region of the initial account.
func (a *accountPart) region() string {
	if a.way.Value() != wayExisting {
		return ""
	}
	return a.chosen().Region
}

func (a *accountPart) chosen() model.Account {
	for _, x := range a.page.known.accounts {
		if x.Name == a.existing.Value() {
			return x
		}
	}
	return model.Account{}
}

// suggest suggests a name for the new account, unless the person has entered one.
func (a *accountPart) suggest(name string) {
	if strings.TrimSpace(a.name.Text) != a.nameIs {
		return
	}
	if name == "" || model.CheckName("account", name) != nil {
		name = lang.L("My AWS account")
	}
	a.nameIs = model.FreeName(name, a.taken)
	a.page.form.Quietly(func() { a.name.SetText(a.nameIs) })
}

func (a *accountPart) taken(name string) bool {
	return slices.ContainsFunc(a.page.known.accounts, func(x model.Account) bool { return model.NameKey(x.Name) == model.NameKey(name) })
}

// wanted returns the account that the page describes.
func (a *accountPart) wanted() (model.Account, model.AccountSecrets) {
	switch a.way.Value() {
	case wayRole:
		for _, x := range a.page.known.accounts {
			if x.Kind == model.KindInstanceRole {
				return x, model.AccountSecrets{}
			}
		}
		return model.Account{Name: model.InstanceRole, Kind: model.KindInstanceRole}, model.AccountSecrets{}
	case wayExisting:
		return a.chosen(), model.AccountSecrets{}
	case wayProfile, waySignIn:
		return model.Account{}, model.AccountSecrets{}
	}
	x := model.Account{
		Name: strings.TrimSpace(a.name.Text), Kind: model.KindAccessKey, AccessKeyID: strings.TrimSpace(a.accessKey.Text),
		Region: strings.TrimSpace(a.page.region.Text), Endpoint: strings.TrimSpace(a.endpoint.Text),
	}
	if a.sandbox.Checked {
		x.Endpoint = model.Sandbox
	}
	secrets := model.AccountSecrets{SecretKey: x.CleanSecret(a.secretKey.Value()), SessionToken: x.CleanSecret(a.sessionToken.Value())}
	if a.tested(x, secrets) == a.verifiedOf {
		x.Verified = a.verified
	}
	return x, secrets
}

func (a *accountPart) tested(x model.Account, s model.AccountSecrets) [5]string {
	return [5]string{"tested", x.AccessKeyID, s.SecretKey, s.SessionToken, x.Endpoint}
}

func (a *accountPart) problems(b projects.StepRequest) []form.Problem {
	var list []form.Problem
	switch a.way.Value() {
	case wayExisting:
		if b.Account.Name == "" {
			list = append(list, form.Problem{Field: "account.existing", Err: model.NewError("welcome.account",
				"No account is chosen. Choose one, or enter an access key.")})
		}
		return list
	case wayProfile, waySignIn:
		return []form.Problem{{Field: "account.kind", Err: model.NewError("welcome.account.form",
			"The account is not added yet. Add it with the button, or choose another one.")}}
	case wayRole:
		return nil
	}
	for _, p := range append(b.Account.Check(), b.Account.CheckSecrets(b.Secrets)...) {
		if p.Field != "region" { // the step's own region is checked instead
			list = append(list, form.Problem{Field: "account." + p.Field, Err: p.Err})
		}
	}
	switch {
	case a.taken(b.Account.Name):
		list = append(list, form.Problem{Field: "account.name", Err: model.NewError(model.CodeAccountTaken,
			"There is an account %q already. Call this one %q, or choose that one above.",
			b.Account.Name, model.FreeName(b.Account.Name, a.taken))})
	case b.Secrets.SecretKey == "" && !b.Account.InSandbox():
		list = append(list, form.Problem{Field: "account.secretKey", Err: model.NewError("account.secretkey.empty",
			"The secret key is missing. AWS shows it only once, when the access key is created.")})
	}
	return list
}

// shown shows the fields of the chosen kind, with notes about their values.
func (a *accountPart) shown() {
	way := a.way.Value()
	show(a.keys, way == wayKey)
	show(a.role, way == wayRole)
	show(a.others, way == wayExisting)
	a.showForm(way)
	a.nameField.SetVisible(way == wayKey)
	id := strings.TrimSpace(a.accessKey.Text)
	note := ""
	for _, x := range a.usable() {
		if id != "" && x.AccessKeyID == id {
			note = lang.L("The account “{{.Account}}” already has this key: choose it above.", map[string]any{"Account": x.Name})
		}
	}
	if strings.HasPrefix(id, "ASIA") && !a.sessionToken.Given() {
		note = lang.L("A temporary key needs its session token: see More.")
	}
	a.page.form.Field("account.accessKeyId").SetNote(note, true)
	if a.sandbox.Checked != a.endpoint.Disabled() {
		if a.sandbox.Checked {
			a.endpoint.Disable()
		} else {
			a.endpoint.Enable()
		}
	}
	note = ""
	if x := a.chosen(); way == wayExisting && x.NeedsSecret() {
		note = lang.L("Its secret is not on this computer. The run asks for it.")
	}
	a.page.form.Field("account.existing").SetNote(note, true)
	// Hide a result that is about other values.
	if now := a.asked(); a.result.Text() != "" && now != a.verifiedOf && !a.work.Busy() {
		a.result.Hide()
	}
}

// asked returns the values that a test would be about.
func (a *accountPart) asked() [5]string {
	x, s := a.wanted()
	if a.way.Value() == wayKey {
		return a.tested(x, s)
	}
	return [5]string{a.way.Value(), x.Name}
}

func show(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}

// paste fills in the fields from pasted text. It returns false if the text has no keys.
func (a *accountPart) paste(text string) bool {
	p, ok := accounts.ParsePasted(text)
	if !ok {
		return false
	}
	put := func(e *control.Entry, value string) {
		if value != "" {
			e.SetText(value)
		}
	}
	a.way.Choose(wayKey)
	a.suggest(p.Name)
	put(a.accessKey, p.AccessKeyID)
	put(a.secretKey.Entry, p.SecretKey)
	put(a.sessionToken.Entry, p.SessionToken)
	put(a.page.region.Entry, p.Region)
	if p.SessionToken != "" {
		a.more.SetOpen(true)
	}
	a.verifiedOf = a.asked()
	a.verified = model.Verification{}
	a.result.Show(lang.L("Filled in from the pasted text."), display.Neutral)
	return true
}

// readKeys fills in the fields from a key file.
func (a *accountPart) readKeys(path string) {
	async.Load(&a.work, func(context.Context) (string, error) { return accounts.ReadKeyFile(path) }, func(text string, err error) {
		if err == nil && !a.paste(text) {
			err = model.NewError("account.csv", "There is no access key in %s. Use the accessKeys.csv from the IAM console.", path)
		}
		if err != nil {
			a.say(err.Error(), display.Bad)
		}
	})
}

// say shows a result for the current values.
func (a *accountPart) say(text string, tone display.Tone) {
	a.verifiedOf = a.asked()
	a.result.Show(text, tone)
}

// ask asks AWS who the account is, without saving it.
func (a *accountPart) ask() {
	if a.work.Busy() {
		return
	}
	b := a.page.wanted()
	if list := a.problems(b); a.way.Value() == wayKey {
		for _, p := range list {
			if p.Field != "account.name" {
				a.page.form.Left(p.Field)
				a.say(p.Err.Error(), display.Bad)
				return
			}
		}
	}
	way, of := a.way.Value(), a.asked()
	a.testing(true)
	a.result.Show(lang.L("Asking AWS who this is…"), display.Neutral)
	async.Load(&a.work, func(ctx context.Context) (model.Verified, error) {
		ctx = waits.Told(ctx, func(text string) { a.result.Show(text, display.Neutral) })
		if way == wayKey {
			return a.page.place.deps.Accounts.Try(ctx, b.Account, b.Secrets)
		}
		return a.page.place.deps.Accounts.Test(ctx, b.Account.Name)
	}, func(v model.Verified, err error) {
		a.testing(false)
		a.verified = model.Verification{}
		if a.asked() != of { // the values have changed
			a.result.Hide()
			return
		}
		if err != nil {
			a.say(err.Error(), display.Bad)
			return
		}
		a.say(accounts.Answer(v), display.Good)
		if way == wayKey {
			a.verified = v.Verification
		}
	})
}

func (a *accountPart) testing(on bool) {
	show(a.stop, on)
	if on {
		a.test.Disable()
	} else {
		a.test.Enable()
	}
}

// cancel cancels a test.
func (a *accountPart) cancel() {
	if !a.work.Busy() {
		return
	}
	a.work.Cancel()
	a.testing(false)
	a.result.Hide()
}
