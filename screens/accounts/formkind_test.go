package accounts

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// fieldsOf returns the paths of the fields that the form shows.
func fieldsOf(f *Form) []string {
	var list []string
	for _, path := range f.form.Paths() {
		if f.form.Field(path).Visible() {
			list = append(list, path)
		}
	}
	return list
}

func TestEachKindShowsItsOwnFields(t *testing.T) {
	r := newSignRig(t)
	r.place.Add()
	f := r.place.editing
	for kind, want := range map[model.AccountKind]string{
		model.KindAccessKey:      "kind name accessKeyId secretKey region description sessionToken mfaDevice endpoint",
		model.KindProfile:        "kind name profile region description endpoint",
		model.KindIdentityCenter: "kind name startUrl signInRegion signIn awsAccount role region description endpoint",
		model.KindConsole:        "kind name signInRegion signIn region description endpoint",
		model.KindProcess:        "kind name process region description endpoint",
	} {
		f.kinds.SetSelected(kindOption(kind))
		if got := strings.Join(fieldsOf(f), " "); got != want {
			t.Errorf("%s shows %s\nwant %s", kind, got, want)
		}
		if f.sandboxRow.Visible() != (kind == model.KindAccessKey) {
			t.Errorf("%s: sandbox %v", kind, f.sandboxRow.Visible())
		}
		if f.Account().Kind != kind || f.Dirty() {
			t.Errorf("%s: the account is of kind %s, dirty %v", kind, f.Account().Kind, f.Dirty())
		}
	}
}

// The form asks before it closes if something would be lost: what was typed for another kind would, a choice of the kind is none.
func TestAFormAsksOnlyBeforeALoss(t *testing.T) {
	r := newSignRig(t)
	r.place.Add()
	f := r.place.editing
	choose := func(kind model.AccountKind) { f.kinds.SetSelected(kindOption(kind)) }
	dirty := func(want bool, after string) {
		t.Helper()
		if f.Dirty() != want {
			t.Errorf("after %s: dirty %v", after, f.Dirty())
		}
	}
	choose(model.KindConsole)
	choose(model.KindAccessKey)
	dirty(false, "another kind, and back")
	f.secretKey.SetText("s")
	dirty(true, "a secret")
	choose(model.KindProcess)
	dirty(true, "a kind that has no secret")
	f.secretKey.SetText("")
	dirty(false, "the secret is gone")
	choose(model.KindAccessKey)
	f.sandbox.SetChecked(true)
	dirty(true, "a choice of the sandbox")
	f.sandbox.SetChecked(false)
	f.region.SetText("eu-west-1")
	dirty(true, "a region")
	f.region.SetText(" ")
	f.dialog.Leave()
	if f.dialog.Visible() {
		t.Error("it asks although nothing would be lost")
	}
}

func TestWhatWasTypedComesBackWithTheKind(t *testing.T) {
	r := newSignRig(t)
	r.place.Add()
	f := r.place.editing
	choose := func(kind model.AccountKind) { f.kinds.SetSelected(kindOption(kind)) }
	f.accessKey.SetText(exampleID)
	f.secretKey.SetText(exampleSecret)
	f.sandbox.SetChecked(true)
	choose(model.KindProcess)
	f.name.SetText("Helper")
	f.process.SetText("helper --json")
	if a := f.Account(); a.AccessKeyID != "" || a.Endpoint != "" || f.secrets() != (model.AccountSecrets{}) {
		t.Errorf("the process takes over what is another kind's: %+v", a)
	}
	choose(model.KindAccessKey)
	if a := f.Account(); a.AccessKeyID != exampleID || !a.InSandbox() || a.Process != "" || f.secrets().SecretKey != exampleSecret {
		t.Errorf("back again: %+v", a)
	}
	choose(model.KindProcess)
	var saved bool
	f.Save(func(model.Account) { saved = true })
	r.Until("the save", func() bool { return saved })
	a := r.account("Helper")
	if a.Process != "helper --json" || a.AccessKeyID != "" || r.service.secrets[a.ID] != (model.AccountSecrets{}) {
		t.Errorf("saved %+v with %+v", a, r.service.secrets[a.ID])
	}
	if f.kinds.Visible() || f.kindFixed.Text != "From a process" || f.accessKey.Text != "" {
		t.Errorf("the kind of a saved account can be changed: %q", f.kindFixed.Text)
	}
}

func TestProfilesAreOffered(t *testing.T) {
	r := newSignRig(t)
	r.signIns.profiles = []model.Profile{
		{Name: "base", About: "access key", Region: "eu-west-1"},
		{Name: "broken", Err: errors.New("its source_profile is missing")},
	}
	r.place.Add()
	f := r.place.editing
	note := func() string { return f.form.Field("profile").Note() }
	f.kinds.SetSelected(kindOption(model.KindProfile))
	if note() != "Reading ~/.aws…" {
		t.Errorf("while it reads: %q", note())
	}
	r.Until("the profiles", func() bool { return note() == "" })
	var items []string
	for _, i := range f.profile.Items() {
		items = append(items, i.Title+": "+i.Detail)
	}
	if want := []string{"base: access key", "broken: can't be used: its source_profile is missing"}; !slices.Equal(items, want) {
		t.Errorf("offers %q", items)
	}
	for name, want := range map[string]string{
		"base": "access key · eu-west-1", "broken": "its source_profile is missing",
		"other": "~/.aws on this computer has no profile of this name.",
	} {
		if f.profile.SetText(name); note() != want {
			t.Errorf("%s: %q, want %q", name, note(), want)
		}
	}
}

func TestUnreadableProfilesAreExplained(t *testing.T) {
	r := newSignRig(t)
	for want, set := range map[string]func(){
		"There are no profiles in ~/.aws on this computer.": func() { r.signIns.fail = nil },
		"line 3 of ~/.aws/config can't be read":             func() { r.signIns.fail = errors.New("line 3 of ~/.aws/config can't be read") },
	} {
		set()
		f := Edit(r.place.deps, model.Account{Name: "P", Kind: model.KindProfile}, nil)
		r.Until(want, func() bool { return f.form.Field("profile").Note() == want })
		f.dialog.Close()
	}
}

func TestIdentityCenterListsWhatTheSignInLeadsTo(t *testing.T) {
	r := newSignRig(t)
	r.place.Add()
	f := r.place.editing
	f.kinds.SetSelected(kindOption(model.KindIdentityCenter))
	f.startURL.SetText("acme")
	test.Tap(f.signIn.in)
	if f.form.Field("startUrl").Err() == nil || r.window.Canvas().Focused() != fyne.Focusable(f.startURL.Entry) {
		t.Error("a wrong start URL is not shown")
	}
	f.startURL.SetText(startURL)
	test.Tap(f.signIn.in)
	if f.form.Field("signInRegion").Err() == nil || len(r.signIns.attempts()) > 0 {
		t.Fatal("signs in without a region")
	}
	if items := f.awsAccount.Items(); len(items) != 1 || items[0].Title != "Sign in to choose from a list…" {
		t.Errorf("before the sign-in it offers %+v", items)
	}
	f.startURL.SetText(startURL)
	f.signInRegion.SetText("eu-west-1")
	test.Tap(f.signIn.in)
	r.Until("the accounts", func() bool { return f.portal.read })
	if want := "Signed in as user/ana since"; !strings.HasPrefix(f.signIn.text.Text, want) {
		t.Errorf("says %q", f.signIn.text.Text)
	}
	var items []string
	for _, i := range f.awsAccount.Items() {
		items = append(items, i.Title+": "+i.Detail)
	}
	want := []string{"Website-prod: 123456789012 · prod@example.com", "Sandbox: 210987654321 · sandbox@example.com"}
	if !slices.Equal(items, want) {
		t.Errorf("accounts %q", items)
	}
	f.awsAccount.SetText("123456789012")
	if got := f.role.Items(); len(got) != 2 || f.role.Text != "" {
		t.Errorf("roles %+v, chosen %q", got, f.role.Text)
	}
	f.awsAccount.SetText("210987654321")
	if f.role.Text != "Developer" || f.form.Field("awsAccount").Note() != "Sandbox · sandbox@example.com" {
		t.Errorf("the only role is not chosen: %q, %q", f.role.Text, f.form.Field("awsAccount").Note())
	}
	f.role.SetText("Admin")
	if f.form.Field("role").Note() != "You don't have this role in the AWS account." {
		t.Errorf("a role of another AWS account: %q", f.form.Field("role").Note())
	}
	f.awsAccount.SetText("999999999999")
	if f.form.Field("awsAccount").Note() != "The access portal offers you no AWS account with this id." {
		t.Errorf("another AWS account: %q", f.form.Field("awsAccount").Note())
	}
	f.startURL.SetText(startURL + "2")
	if f.portal.read || f.signIn.signedIn() || f.form.Field("awsAccount").Note() != "" {
		t.Error("the list of one portal is used for another")
	}
}

func TestAFailedListIsExplained(t *testing.T) {
	r := newSignRig(t, portalAccount("Prod"))
	r.signIns.add(signedInFor(portalAccount("Prod")))
	r.signIns.fail = errors.New("the portal is throttled")
	f := Edit(r.place.deps, r.account("Prod"), nil)
	r.Until("the reason", func() bool { return f.form.Field("awsAccount").Note() == "the portal is throttled" })
}

func TestAKnownPortalBringsItsRegion(t *testing.T) {
	r := newSignRig(t)
	r.signIns.add(signedInFor(portalAccount("")))
	r.place.Add()
	f := r.place.editing
	r.Until("the sign-ins", func() bool { return f.signIn.read })
	f.kinds.SetSelected(kindOption(model.KindIdentityCenter))
	if items := f.startURL.Items(); len(items) != 1 || items[0].Value != startURL {
		t.Errorf("offers %+v", items)
	}
	f.startURL.SetText(startURL)
	if f.signInRegion.Text != "eu-west-1" {
		t.Errorf("region %q", f.signInRegion.Text)
	}
}

// A sign-in with the console belongs to an account, so a new one is saved first.
func TestAConsoleAccountIsSavedBeforeItsSignIn(t *testing.T) {
	r := newSignRig(t)
	r.place.Add()
	f := r.place.editing
	f.kinds.SetSelected(kindOption(model.KindConsole))
	f.signInRegion.SetText("eu-west-1")
	test.Tap(f.signIn.in)
	if f.form.Field("name").Err() == nil {
		t.Error("an account without a name is saved")
	}
	f.name.SetText("Root")
	test.Tap(f.signIn.in)
	r.Until("the sign-in", f.signIn.signedIn)
	if want := []string{"browser console " + string(r.account("Root").ID)}; !slices.Equal(r.signIns.attempts(), want) {
		t.Errorf("attempts %q, want %q", r.signIns.attempts(), want)
	}
}

func TestSaveAndTestSignsInFirst(t *testing.T) {
	r := newSignRig(t, portalAccount("Prod"))
	f := Edit(r.place.deps, r.account("Prod"), nil)
	r.Until("the sign-ins", func() bool { return f.signIn.read })
	f.SaveAndTest()
	r.Until("the answer", func() bool { return strings.Contains(f.result.Text(), "123456789012") })
	if len(r.signIns.attempts()) != 1 {
		t.Errorf("attempts %q", r.signIns.attempts())
	}
	f.SaveAndTest()
	r.Until("another test", func() bool { return len(r.service.testedNow()) == 2 && !f.work.Busy() })
	if len(r.signIns.attempts()) != 1 {
		t.Errorf("signs in again: %q", r.signIns.attempts())
	}
}

func TestSignOut(t *testing.T) {
	r := newSignRig(t, portalAccount("Prod"))
	r.signIns.add(signedInFor(portalAccount("Prod")))
	f := Edit(r.place.deps, r.account("Prod"), nil)
	r.Until("the sign-in", f.signIn.signedIn)
	if !f.signIn.out.Visible() {
		t.Fatal("there is no Sign out")
	}
	f.signIn.askSignOut()
	confirm, _ := r.window.Canvas().Focused().(interface{ TypedKey(*fyne.KeyEvent) })
	confirm.TypedKey(uitest.Key(fyne.KeyReturn))
	r.Until("the end", func() bool { return f.signIn.text.Text == "Not signed in" })
	if f.signIn.out.Visible() || f.portal.read {
		t.Error("the form still uses the sign-in")
	}
}

// Quotation marks around a secret come from copying; a server behind an endpoint may have them in its keys.
func TestQuotationMarksAroundASecret(t *testing.T) {
	r := newSignRig(t)
	r.place.Add()
	f := r.place.editing
	f.secretKey.SetText(" “" + exampleSecret + "” ")
	f.sessionToken.SetText("'token'")
	if got, want := f.secrets(), (model.AccountSecrets{SecretKey: exampleSecret, SessionToken: "token"}); got != want {
		t.Errorf("%q, %q", got.SecretKey, got.SessionToken)
	}
	f.endpoint.SetText("https://lab.example")
	if got := f.secrets().SessionToken; got != "'token'" {
		t.Errorf("behind an endpoint: %q", got)
	}
	f.endpoint.SetText("")
	f.secretKey.SetText(exampleID)
	if ps := f.Account().CheckSecrets(f.secrets()); len(ps) != 1 || model.ErrorCode(ps[0].Err) != "account.secret.id" {
		t.Errorf("an id in place of the secret: %v", ps)
	}
}
