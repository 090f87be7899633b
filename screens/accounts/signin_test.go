package accounts

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

const startURL = "https://acme.awsapps.com/start"

// fakeSignIns keeps sign-ins in memory and accounts in a real store. Its sign-ins do what the test says in act.
type fakeSignIns struct {
	store *store.Store
	act   func(ctx context.Context, a attempt) (model.SignIn, error)

	mu        sync.Mutex
	signIns   []model.SignIn
	asked     []string      // the ways and keys of the attempts
	described chan struct{} // nil: what profiles are is known at once; else when it is closed
	profiles  []model.Profile
	roles     []model.PortalRole
	fail      error // of the lists, and of AddAccounts
}

// attempt is one call of SignIn.
type attempt struct {
	account model.Account
	way     model.SignInWay
	show    func(model.SignInStep)
	paste   func(context.Context) (string, error)
}

func (f *fakeSignIns) SignIn(ctx context.Context, a model.Account, way model.SignInWay, show func(model.SignInStep),
	paste func(context.Context) (string, error),
) (model.SignIn, error) {
	f.mu.Lock()
	f.asked = append(f.asked, string(way)+" "+a.SignInKey())
	act := f.act
	f.mu.Unlock()
	s, err := act(ctx, attempt{a, way, show, paste})
	if err != nil {
		return s, err
	}
	f.add(s)
	return s, nil
}

func (f *fakeSignIns) add(s model.SignIn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.signIns = append(slices.DeleteFunc(f.signIns, func(had model.SignIn) bool { return had.Key == s.Key }), s)
}

func (f *fakeSignIns) attempts() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

func (f *fakeSignIns) SignOut(_ context.Context, a model.Account) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.signIns = slices.DeleteFunc(f.signIns, func(s model.SignIn) bool { return s.Key == a.SignInKey() })
	return nil
}

func (f *fakeSignIns) SignIns(context.Context) ([]model.SignIn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.signIns), nil
}

func (f *fakeSignIns) Profiles(ctx context.Context) ([]model.Profile, error) {
	if f.described != nil {
		select {
		case <-f.described:
		case <-ctx.Done():
		}
	}
	return f.profiles, f.fail
}

func (f *fakeSignIns) ProfileNames(context.Context) ([]string, error) {
	var names []string
	for _, p := range f.profiles {
		names = append(names, p.Name)
	}
	return names, f.fail
}

func (f *fakeSignIns) PortalRoles(context.Context, model.Account) ([]model.PortalRole, error) {
	return f.roles, f.fail
}

func (f *fakeSignIns) AddAccounts(ctx context.Context, list []model.Account) error {
	if f.fail != nil {
		return f.fail
	}
	for _, a := range list {
		if err := f.store.SaveAccount(ctx, &a); err != nil {
			return err
		}
	}
	return nil
}

// signedInFor returns the sign-in that a good attempt for the account leads to.
func signedInFor(a model.Account) model.SignIn {
	return model.SignIn{
		Key: a.SignInKey(), Kind: a.Kind, Name: a.StartURL, Region: a.SignInRegion, Who: "arn:aws:iam::123456789012:user/ana",
		At: noon(), Ends: noon().Add(8 * time.Hour),
	}
}

func noon() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }

func signsInAtOnce(_ context.Context, a attempt) (model.SignIn, error) {
	return signedInFor(a.account), nil
}

func portalAccount(name string) model.Account {
	return model.Account{
		Name: name, Kind: model.KindIdentityCenter, StartURL: startURL, SignInRegion: "eu-west-1", AWSID: "123456789012", RoleName: "Admin",
	}
}

func portalRoles() []model.PortalRole {
	return []model.PortalRole{
		{AWSID: "123456789012", Account: "Website-prod", Email: "prod@example.com", Role: "Admin"},
		{AWSID: "123456789012", Account: "Website-prod", Email: "prod@example.com", Role: "ReadOnly"},
		{AWSID: "210987654321", Account: "Sandbox", Email: "sandbox@example.com", Role: "Developer"},
	}
}

// signRig is a rig with sign-ins, whose time stands still at noon and whose browser only notes what it is asked to open.
type signRig struct {
	*rig
	signIns *fakeSignIns
	now     time.Time
	opened  []string
	watched []func() // who is told of changes of the database
}

// changed says that the database has changed, as other processes do it.
func (r *signRig) changed() {
	for _, f := range slices.Clone(r.watched) {
		if f != nil {
			f()
		}
	}
}

func newSignRig(t *testing.T, accounts ...model.Account) *signRig {
	t.Helper()
	s := &signRig{signIns: &fakeSignIns{act: signsInAtOnce, roles: portalRoles()}, now: noon()}
	s.rig = newRigWith(t, small, func(d *Deps) {
		d.SignIns, d.Now = s.signIns, func() time.Time { return s.now }
		d.OpenURL = func(u *url.URL) error { s.opened = append(s.opened, u.String()); return nil }
		d.Watch = func(changed func()) func() {
			i := len(s.watched)
			s.watched = append(s.watched, changed)
			return func() { s.watched[i] = nil }
		}
	}, accounts...)
	s.signIns.store = s.store
	return s
}

// sheet shows the sheet for an account of a portal. results are what it calls done with.
func (r *signRig) sheet(way model.SignInWay) (s *SignInSheet, results *[]bool) {
	results = new([]bool)
	s = ShowSignIn(r.place.deps, portalAccount("Prod"), way, func(_ model.SignIn, ok bool) { *results = append(*results, ok) })
	r.t.Cleanup(s.dialog.Close)
	return s, results
}

// inDialog reports whether the topmost dialog shows a line of text.
func (r *rig) inDialog(line string) bool {
	return slices.ContainsFunc(test.LaidOutObjects(r.window.Canvas().Overlays().Top()), func(o fyne.CanvasObject) bool {
		text, ok := o.(*canvas.Text)
		return ok && text.Text == line
	})
}

func TestSignInWithTheBrowserOfThisComputer(t *testing.T) {
	r := newSignRig(t)
	goOn := make(chan struct{})
	r.signIns.act = func(ctx context.Context, a attempt) (model.SignIn, error) {
		a.show(model.SignInStep{URL: "https://oidc.example.com/authorize", Until: noon().Add(10 * time.Minute)})
		select {
		case <-goOn:
			return signedInFor(a.account), nil
		case <-ctx.Done():
			return model.SignIn{}, ctx.Err()
		}
	}
	s, results := r.sheet(model.SignInHere)
	if s.left.Text != "Preparing the sign-in…" {
		t.Errorf("at first it says %q", s.left.Text)
	}
	r.Until("the browser", func() bool { return len(r.opened) > 0 })
	if s.left.Text != "Waiting for you to sign in · gives up in 10:00" {
		t.Errorf("it waits with %q", s.left.Text)
	}
	r.now = noon().Add(19 * time.Second)
	s.showWaiting()
	if !strings.HasSuffix(s.left.Text, "9:41") {
		t.Errorf("19 s later it says %q", s.left.Text)
	}
	s.open() // Open again
	if want := []string{"https://oidc.example.com/authorize", "https://oidc.example.com/authorize"}; !slices.Equal(r.opened, want) {
		t.Errorf("opened %q", r.opened)
	}
	close(goOn)
	r.Until("the end", func() bool { return len(*results) > 0 })
	if !slices.Equal(*results, []bool{true}) || s.dialog.Visible() {
		t.Errorf("results %v, open %v", *results, s.dialog.Visible())
	}
}

// The sheet is done, and the form says so, when somebody signs in with the command meanwhile.
func TestASignInOfAnotherProcessIsSeen(t *testing.T) {
	r := newSignRig(t)
	r.signIns.act = func(ctx context.Context, _ attempt) (model.SignIn, error) {
		<-ctx.Done()
		return model.SignIn{}, ctx.Err()
	}
	f := Edit(r.place.deps, portalAccount("Prod"), nil)
	r.Until("the sign-ins", func() bool { return f.signIn.text.Text == "Not signed in" })
	r.signIns.add(signedInFor(portalAccount("Prod"))) // before the sheet is shown, which asks again
	s, results := r.sheet(model.SignInHere)
	r.changed()
	r.Until("the form", func() bool { return f.signIn.signedIn() })
	if r.Pump(); !s.dialog.Visible() || !s.work.Busy() {
		t.Fatal("an older sign-in has ended the sheet")
	}
	again := signedInFor(portalAccount("Prod"))
	again.At = again.At.Add(time.Minute)
	r.signIns.add(again)
	r.changed()
	r.Until("the end", func() bool { return len(*results) > 0 })
	if !slices.Equal(*results, []bool{true}) || s.dialog.Visible() || s.work.Busy() || !s.signIn.At.Equal(again.At) {
		t.Errorf("results %v, open %v, busy %v, %v", *results, s.dialog.Visible(), s.work.Busy(), s.signIn.At)
	}
	f.dialog.Close()
	if slices.ContainsFunc(r.watched, func(f func()) bool { return f != nil }) {
		t.Error("a closed dialog is still told of changes")
	}
}

func TestSignInWithACode(t *testing.T) {
	r := newSignRig(t)
	r.signIns.act = func(ctx context.Context, a attempt) (model.SignIn, error) {
		step := model.SignInStep{URL: "https://device.example.com/", Until: noon().Add(time.Minute)}
		if a.way == model.SignInElsewhere {
			step.Code = "ABCD-EFGH"
		}
		a.show(step)
		<-ctx.Done()
		return model.SignIn{}, ctx.Err()
	}
	s, results := r.sheet(model.SignInHere)
	r.Until("the browser", func() bool { return len(r.opened) == 1 })
	if s.toggle.Text != "Use a code instead" {
		t.Errorf("the other way is %q", s.toggle.Text)
	}
	test.Tap(s.toggle)
	r.Until("the code", func() bool { return s.step.Code != "" })
	if len(r.opened) != 1 {
		t.Errorf("with a code the browser opens by itself: %q", r.opened)
	}
	if !r.inDialog("ABCD-EFGH") {
		t.Error("the code is not on the screen")
	}
	if s.toggle.Text != "Use this computer's browser" {
		t.Errorf("the other way is %q", s.toggle.Text)
	}
	want := []string{"browser " + portalAccount("").SignInKey(), "code " + portalAccount("").SignInKey()}
	if got := r.signIns.attempts(); !slices.Equal(got, want) {
		t.Errorf("attempts %q", got)
	}
	s.dialog.Keys.Escape()
	if s.dialog.Visible() || s.work.Busy() || !slices.Equal(*results, []bool{false}) {
		t.Errorf("Escape does not end it: open %v, results %v", s.dialog.Visible(), *results)
	}
}

func TestSignInWithAPastedText(t *testing.T) {
	r := newSignRig(t)
	var mu sync.Mutex
	var texts []string
	r.signIns.act = func(ctx context.Context, a attempt) (model.SignIn, error) {
		step := model.SignInStep{URL: "https://eu-west-1.signin.aws.amazon.com/", Paste: true}
		for {
			a.show(step)
			text, err := a.paste(ctx)
			if err != nil {
				return model.SignIn{}, err
			}
			mu.Lock()
			texts = append(texts, text)
			mu.Unlock()
			if text == "right" {
				return signedInFor(a.account), nil
			}
			step.Problem = model.NewError("signin.pasted", "This is another text.")
		}
	}
	s, results := r.sheet(model.SignInElsewhere)
	r.Until("the field", func() bool { return r.window.Canvas().Focused() == fyne.Focusable(s.paste) })
	if !s.goOn.Disabled() {
		t.Error("Continue is enabled without a text")
	}
	s.paste.TypedKey(uitest.Key(fyne.KeyReturn)) // nothing to hand over
	test.Type(s.paste, " wrong\n")
	test.Tap(s.goOn)
	r.Until("the text to be read", func() bool { mu.Lock(); defer mu.Unlock(); return len(texts) == 1 })
	r.Until("what is wrong with it", func() bool { return r.inDialog("This is another text.") })
	s.paste.SetText("right")
	s.paste.TypedKey(uitest.Key(fyne.KeyReturn))
	r.Until("the end", func() bool { return len(*results) > 0 })
	if !slices.Equal(texts, []string{"wrong", "right"}) || !(*results)[0] {
		t.Errorf("pasted %q, results %v", texts, *results)
	}
}

func TestAFailedSignInCanBeTriedAgain(t *testing.T) {
	r := newSignRig(t)
	r.signIns.act = func(context.Context, attempt) (model.SignIn, error) {
		return model.SignIn{}, errors.New("the portal does not answer")
	}
	s, results := r.sheet(model.SignInHere)
	r.Until("the error", func() bool { return strings.Contains(s.banner.Text(), "does not answer") })
	if s.waiting.Visible() || len(s.body.Objects) > 0 || len(*results) > 0 {
		t.Error("the sheet looks as if it still waited")
	}
	if r.window.Canvas().Focused() != fyne.Focusable(s.again) {
		t.Error("Try again does not have the focus")
	}
	r.signIns.mu.Lock()
	r.signIns.act = signsInAtOnce
	r.signIns.mu.Unlock()
	s.again.TypedKey(uitest.Key(fyne.KeyReturn))
	r.Until("the end", func() bool { return slices.Equal(*results, []bool{true}) })
}

// Only the address of a page goes to the browser: the system would start a program for other ones.
func TestOnlyPagesAreOpened(t *testing.T) {
	for address, want := range map[string]bool{
		"https://acme.awsapps.com/start": true, "http://127.0.0.1:8080/": true, "http://[::1]:8080/": true, "http://example.com/": false,
		"file:///etc/passwd": false, "javascript:alert(1)": false, "": false, "%": false,
	} {
		if _, err := model.PageURL(address); (err == nil) != want {
			t.Errorf("%q: %v", address, err)
		}
	}
	r := newSignRig(t)
	r.signIns.act = func(ctx context.Context, a attempt) (model.SignIn, error) {
		a.show(model.SignInStep{URL: "file:///etc/passwd"})
		<-ctx.Done()
		return model.SignIn{}, ctx.Err()
	}
	s, _ := r.sheet(model.SignInHere)
	r.Until("the warning", func() bool { return s.banner.Text() != "" })
	if len(r.opened) > 0 {
		t.Errorf("opened %q", r.opened)
	}
}

// A step of an earlier attempt that comes late is not shown.
func TestLateStepsAreDropped(t *testing.T) {
	r := newSignRig(t)
	late, first := make(chan func(model.SignInStep), 1), true
	r.signIns.act = func(ctx context.Context, a attempt) (model.SignIn, error) {
		if first {
			first = false
			late <- a.show
		}
		<-ctx.Done()
		return model.SignIn{}, ctx.Err()
	}
	s, _ := r.sheet(model.SignInHere)
	show := <-late
	s.otherWay()
	show(model.SignInStep{URL: "https://example.com/old"})
	r.Pump()
	if s.step.URL != "" || len(r.opened) > 0 {
		t.Errorf("shows %q, opened %q", s.step.URL, r.opened)
	}
}

func TestSignInText(t *testing.T) {
	now := time.Date(2026, 11, 27, 15, 0, 0, 0, time.Local)
	at, ends := now.Add(-time.Hour), now.Add(20*time.Hour)
	a := portalAccount("Prod")
	for name, tt := range map[string]struct {
		signIn model.SignIn
		want   string
	}{
		"nobody": {model.SignIn{Key: "another", At: at}, "Not signed in"},
		"who and when": {
			model.SignIn{Key: a.SignInKey(), Who: "arn:aws:iam::1:user/ana", At: at, Ends: ends},
			"Signed in as user/ana since 14:00, until 2026-11-28 11:00",
		},
		"only who":  {model.SignIn{Key: a.SignInKey(), Who: "arn:aws:iam::1:user/ana", At: at}, "Signed in as user/ana since 14:00"},
		"only when": {model.SignIn{Key: a.SignInKey(), At: at, Ends: ends}, "Signed in since 14:00, until 2026-11-28 11:00"},
		"the least": {model.SignIn{Key: a.SignInKey(), At: at}, "Signed in since 14:00"},
		"ended":     {model.SignIn{Key: a.SignInKey(), At: at, Ends: now}, "The sign-in has ended (15:00)"},
	} {
		t.Run(name, func(t *testing.T) {
			uitest.New(t)
			s, state := signInOf(a, []model.SignIn{tt.signIn}, now)
			if got := signInText(s, state, now); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheListSaysWhereASignInIsNeeded(t *testing.T) {
	other := portalAccount("Other portal")
	other.StartURL = "https://other.awsapps.com/start"
	console := model.Account{Name: "Console", Kind: model.KindConsole, SignInRegion: "eu-west-1"}
	r := newSignRig(t, portalAccount("Prod"), other, console, key("Key", exampleID))
	ended := signedInFor(other)
	ended.Ends = noon()
	r.signIns.add(ended)
	r.signIns.add(signedInFor(portalAccount("Prod")))
	r.place.reload()
	r.Until("the sign-ins", func() bool { return len(r.place.signIns) == 2 })
	badges := map[string]string{}
	for _, a := range r.place.table.Rows() {
		badges[a.Name] = r.place.nameCell(a).Badge
	}
	for name, want := range map[string]string{"Prod": "", "Other portal": "sign in", "Console": "sign in", "Key": ""} {
		if badges[name] != want {
			t.Errorf("%s: badge %q, want %q", name, badges[name], want)
		}
	}
	prod := r.account("Prod")
	if cell := r.place.identityCell(prod); cell.Text != "123456789012 · Admin" {
		t.Errorf("identity %q", cell.Text)
	}
	if cell := kindCell(prod); cell.Text != "IAM Identity Center Admin" {
		t.Errorf("kind %q", cell.Text)
	}
	r.place.testEach()
	r.Until("the end", func() bool { return strings.Contains(r.place.status.Text(), "tested") })
	if want := "2 accounts tested: all work. 2 accounts were left out, as they need a sign-in."; r.place.status.Text() != want {
		t.Errorf("says %q", r.place.status.Text())
	}
	if got := r.service.testedNow(); !slices.Equal(got, []string{"Key", "Prod"}) {
		t.Errorf("tested %q", got)
	}
}

func TestOneAccountIsTestedAfterItsSignIn(t *testing.T) {
	r := newSignRig(t, portalAccount("Prod"))
	r.place.table.Select(func(a model.Account) bool { return a.Name == "Prod" })
	if r.place.signIn.Disabled() {
		t.Error("Sign in is disabled for an account that signs in")
	}
	test.Tap(r.place.test)
	r.Until("the test", func() bool { return strings.Contains(r.place.status.Text(), "it works") })
	if len(r.signIns.attempts()) != 1 || !slices.Equal(r.service.testedNow(), []string{"Prod"}) {
		t.Errorf("sign-ins %q, tested %q", r.signIns.attempts(), r.service.testedNow())
	}
	r.Until("the badge to go", func() bool { return !r.place.needsSignIn(r.account("Prod")) })
}

func TestWithoutSignInsNothingOffersThem(t *testing.T) {
	r := newRig(t, small, portalAccount("Prod"))
	if r.place.signIn != nil || r.place.nameCell(r.account("Prod")).Badge != "" {
		t.Error("the list offers to sign in")
	}
	f := Edit(r.place.deps, r.account("Prod"), nil)
	if f.form.Field(signInPath).Visible() || len(f.accountItems()) > 0 {
		t.Error("the form offers to sign in")
	}
}

// A sign-in as somebody else than before is said first. The person goes on with it, or leaves what it was for undone.
func TestASignInOfAnotherIdentityIsShown(t *testing.T) {
	for _, goesOn := range []bool{true, false} {
		r := newSignRig(t)
		r.signIns.act = func(context.Context, attempt) (model.SignIn, error) {
			return model.SignIn{Who: "ann", Notice: "Signed in as ann; before it was bob."}, nil
		}
		s, results := r.sheet(model.SignInHere)
		r.Until("the notice", func() bool { return s.banner.Text() == "Signed in as ann; before it was bob." })
		if len(*results) > 0 || !s.dialog.Visible() {
			t.Fatal("it goes on by itself")
		}
		if goesOn {
			test.Tap(r.window.Canvas().Focused().(*control.Button))
		} else {
			s.dialog.Close()
		}
		if !slices.Equal(*results, []bool{goesOn}) || s.dialog.Visible() {
			t.Errorf("results %v, open %v", *results, s.dialog.Visible())
		}
	}
}
