package signin_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/signin"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// desk is a computer with a real store and vault, and the sandbox as AWS.
type desk struct {
	t     *testing.T
	dir   string
	store *store.Store
	clock *clock
	aws   *sandbox.Server
	*signin.Service
}

const region = "eu-west-1"

func newDesk(t *testing.T, o sandbox.Options) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), clock: &clock{at: time.Now()}}
	o.Now = d.clock.now
	var err error
	if d.aws, err = sandbox.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.aws.Close() })
	quick, err := os.ReadFile(filepath.Join("..", "..", "model", "vault", "testdata", "vault-quick"))
	if err == nil {
		err = os.WriteFile(filepath.Join(d.dir, vault.FileName), quick, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	d.Service = d.open()
	return d
}

// open returns the service of another process with the same data.
func (d *desk) open() *signin.Service {
	d.t.Helper()
	st, err := store.Open(d.t.Context(), store.Options{Dir: d.dir, Version: "1.0.0"})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = st.Close() })
	d.store = st
	log := slog.New(slog.DiscardHandler)
	passphrase := func(context.Context) (string, error) { return "correct horse battery staple", nil }
	v := vault.Open(vault.Options{Dir: d.dir, Passphrase: passphrase})
	s := signin.New(signin.Deps{Store: st, Secrets: secrets.New(v, st, log), Home: d.dir, Now: d.clock.now, Log: log})
	d.t.Cleanup(s.Close)
	return s
}

func (d *desk) save(a model.Account) model.Account {
	d.t.Helper()
	if err := d.store.SaveAccount(d.t.Context(), &a); err != nil {
		d.t.Fatal(err)
	}
	return a
}

func (d *desk) console() model.Account {
	return d.save(model.Account{Name: "Console", Kind: model.KindConsole, SignInRegion: region, Endpoint: d.aws.RegionEndpoint(region)})
}

func (d *desk) portal(name, awsID, role string) model.Account {
	return d.save(model.Account{
		Name: name, Kind: model.KindIdentityCenter, StartURL: d.aws.StartURL(), SignInRegion: region, AWSID: awsID, RoleName: role,
		Endpoint: d.aws.RegionEndpoint(region),
	})
}

// allowing is a person who allows what the page asks for.
func allowing(t *testing.T) func(model.SignInStep) {
	return func(step model.SignInStep) { go decide(t, step, "allow") }
}

// decide answers a page of the sandbox as a person does, and follows the browser back.
func decide(t *testing.T, step model.SignInStep, decision string) {
	browser := &http.Client{
		Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	form := url.Values{"user": {"ann"}, "decision": {decision}, "user_code": {step.Code}}.Encode()
	for method, address := http.MethodPost, step.URL; address != ""; method = http.MethodGet {
		r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form))
		if err != nil {
			t.Error(err)
			return
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := browser.Do(r)
		if err != nil {
			if t.Context().Err() == nil {
				t.Error(err)
			}
			return
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode >= http.StatusBadRequest {
			t.Errorf("HTTP %d of %s: %s", answer.StatusCode, address, body)
		}
		address = answer.Header.Get("Location")
	}
}

func (d *desk) signIn(a model.Account, way model.SignInWay) model.SignIn {
	d.t.Helper()
	signIn, err := d.SignIn(d.t.Context(), a, way, allowing(d.t), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return signIn
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if model.ErrorCode(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestSignInWithTheConsole(t *testing.T) {
	d := newDesk(t, sandbox.Options{Console: &sandbox.Console{}})
	a := d.console()
	_, err := d.Keys(t.Context(), a)
	wantCode(t, err, model.CodeSignInNeeded)
	signIn := d.signIn(a, model.SignInHere)
	if signIn.Who == "" || signIn.Region != region || signIn.Ends.Sub(d.clock.now()) != 12*time.Hour {
		t.Errorf("signed in as %+v", signIn)
	}
	if stored, found, err := d.SignInOf(t.Context(), a); err != nil || !found || stored.ID != signIn.ID {
		t.Errorf("stored %+v, %v, %v", stored, found, err)
	}
	keys, err := d.open().Keys(t.Context(), a) // another process
	if err != nil || keys.AccessKeyID == "" || keys.Expires.Sub(d.clock.now()) > 15*time.Minute {
		t.Fatalf("%v until %v, %v", keys, keys.Expires, err)
	}
	if err := d.SignOut(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	_, err = d.Keys(t.Context(), a)
	wantCode(t, err, model.CodeSignInNeeded)
}

// A text that was not pasted whole is asked for again, and why is said.
func TestSignInElsewhereAsksAgain(t *testing.T) {
	d := newDesk(t, sandbox.Options{Console: &sandbox.Console{}})
	var steps []model.SignInStep
	texts := []string{"half", ""}
	show := func(s model.SignInStep) { steps = append(steps, s) }
	paste := func(context.Context) (string, error) {
		text := texts[len(steps)-1]
		if text == "" {
			return "", errors.New("the person gives up")
		}
		return text, nil
	}
	_, err := d.SignIn(t.Context(), d.console(), model.SignInElsewhere, show, paste)
	if err == nil || err.Error() != "the person gives up" {
		t.Error(err)
	}
	if len(steps) != 2 || !steps[0].Paste || steps[0].Problem != nil || model.ErrorCode(steps[1].Problem) != "signin.pasted" {
		t.Errorf("steps are %+v", steps)
	}
}

// One sign-in serves all accounts of a portal.
func TestSignInWithIdentityCenter(t *testing.T) {
	for name, way := range map[string]model.SignInWay{"here": model.SignInHere, "elsewhere": model.SignInElsewhere} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{Region: region}})
			list := sandbox.DefaultPortalAccounts()
			a := d.portal("First", list[0].ID, list[0].Roles[0])
			b := d.portal("Second", list[1].ID, list[1].Roles[0])
			d.signIn(a, way)
			for _, account := range []model.Account{a, b} {
				keys, err := d.Keys(t.Context(), account)
				if err != nil || keys.SessionToken == "" || !keys.OfRole {
					t.Errorf("%s: %v, %v", account.Name, keys, err)
				}
			}
			roles, err := d.PortalRoles(t.Context(), b)
			want := 0
			for _, account := range list {
				want += len(account.Roles)
			}
			if err != nil || len(roles) != want || roles[0].Account == "" {
				t.Errorf("%d roles, want %d: %+v, %v", len(roles), want, roles, err)
			}
			// Tokens never go to another endpoint, whatever an account names: one could have come with a project file.
			asked := false
			hostile := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
			t.Cleanup(hostile.Close)
			thief := a
			thief.Endpoint = hostile.URL
			_, err = d.Keys(t.Context(), thief)
			if wantCode(t, err, model.CodeSignInNeeded); asked {
				t.Error("another endpoint was asked with the tokens")
			}
			c := d.portal("Third", list[0].ID, "Nobody")
			_, err = d.Keys(t.Context(), c)
			wantCode(t, err, "signin.role")
			if err := d.SignOut(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			_, err = d.Keys(t.Context(), a)
			wantCode(t, err, model.CodeSignInNeeded)
		})
	}
}

// Three hours with keys that live 15 minutes, in two processes with ten steps each: each renewal is made once, though a token
// that is renewed serves only one of them.
func TestTwentyStepsInTwoProcesses(t *testing.T) {
	d := newDesk(t, sandbox.Options{Console: &sandbox.Console{}})
	a := d.console()
	d.signIn(a, model.SignInHere)
	processes := []*signin.Service{d.Service, d.open()}
	renewals, before := 0, ""
	for range 18 {
		d.clock.pass(10*time.Minute + time.Second)
		got := make([]awsenv.Kept, 20)
		var all sync.WaitGroup
		for i := range got {
			all.Go(func() {
				var err error
				if got[i], err = processes[i%2].Keys(t.Context(), a); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, keys := range got {
			if keys.AccessKeyID != got[0].AccessKeyID || !d.clock.now().Before(keys.Expires) {
				t.Fatalf("keys %s and %s, until %v at %v", keys.AccessKeyID, got[0].AccessKeyID, keys.Expires, d.clock.now())
			}
		}
		if got[0].AccessKeyID != before {
			renewals, before = renewals+1, got[0].AccessKeyID
		}
	}
	if renewals != 18 {
		t.Errorf("%d renewals in 18 times 10 minutes", renewals)
	}
}

// A process that dies in the middle of a renewal has spent the token: the next one says that somebody has to sign in.
func TestALostRenewalIsSaid(t *testing.T) {
	d := newDesk(t, sandbox.Options{Console: &sandbox.Console{}})
	a := d.console()
	d.signIn(a, model.SignInHere)
	backup, err := os.ReadFile(filepath.Join(d.dir, vault.FileName))
	if err != nil {
		t.Fatal(err)
	}
	entry, err := d.store.VaultEntry(t.Context(), model.SecretRef{Owner: d.id(a), Field: model.TokensField})
	if err != nil {
		t.Fatal(err)
	}
	d.clock.pass(12 * time.Minute)
	if _, err := d.Keys(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	// What a process leaves that dies before it has saved: the old tokens.
	if err := os.WriteFile(filepath.Join(d.dir, vault.FileName), backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.store.Change(t.Context(), "undo", func(c *store.Change) error {
		return c.SetSecret(t.Context(), model.SecretRef{Owner: d.id(a), Field: model.TokensField}, entry)
	}); err != nil {
		t.Fatal(err)
	}
	next := d.open()
	d.clock.pass(5 * time.Minute)
	_, err = next.Keys(t.Context(), a)
	wantCode(t, err, model.CodeSignInEnded)
	d.signIn(a, model.SignInHere)
	if _, err := next.Keys(t.Context(), a); err != nil {
		t.Errorf("after signing in again: %v", err)
	}
}

func (d *desk) id(a model.Account) model.ID {
	d.t.Helper()
	signIn, found, err := d.SignInOf(d.t.Context(), a)
	if err != nil || !found {
		d.t.Fatal(found, err)
	}
	return signIn.ID
}

func TestKeptKeys(t *testing.T) {
	d := newDesk(t, sandbox.Options{})
	a := d.save(model.Account{
		Name: "Ana", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", MFADevice: "arn:aws:iam::123456789012:mfa/ana",
	})
	if kept, err := d.KeptKeys(t.Context(), a); kept != nil || err != nil {
		t.Errorf("at first %v, %v", kept, err)
	}
	keys := awsenv.Kept{Purpose: "p", AccessKeyID: "ASIA", SecretKey: "s", SessionToken: "t", Expires: d.clock.now().Add(time.Hour).UTC()}
	if err := d.KeepKeys(t.Context(), a, keys); err != nil {
		t.Fatal(err)
	}
	kept, err := d.open().KeptKeys(t.Context(), a)
	if err != nil || kept == nil || kept.SecretKey != "s" || !kept.Expires.Equal(keys.Expires) {
		t.Errorf("kept %+v, %v", kept, err)
	}
	d.clock.pass(2 * time.Hour)
	if kept, err := d.KeptKeys(t.Context(), a); kept != nil || err != nil {
		t.Errorf("after their end %v, %v", kept, err)
	}
}

func TestProfiles(t *testing.T) {
	d := newDesk(t, sandbox.Options{})
	text := `[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = secret
region = eu-west-1
[profile admin]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/ana
[profile broken]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = nobody
[profile helper]
credential_process = touch ` + filepath.Join(d.dir, "ran") + `
`
	if err := os.Mkdir(filepath.Join(d.dir, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.dir, ".aws", "config"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := d.Profiles(t.Context())
	if err != nil || len(list) != 4 {
		t.Fatalf("%+v, %v", list, err)
	}
	about := map[string]string{}
	for _, p := range list {
		about[p.Name] = p.About
		if (p.Err != nil) != (p.Name == "broken") {
			t.Errorf("%s: %v", p.Name, p.Err)
		}
	}
	const admin = "role arn:aws:iam::123456789012:role/admin from access key (admin → base), with a code of an MFA device"
	if about["admin"] != admin || about["helper"] != "a program" {
		t.Errorf("about %q", about)
	}
	if _, err := os.Stat(filepath.Join(d.dir, "ran")); err == nil {
		t.Error("listing ran a process")
	}
}
