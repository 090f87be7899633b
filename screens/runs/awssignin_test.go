package runs

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const annsSession = "arn:aws:iam::" + sandbox.AccountID + ":user/ann"

// openProfile opens a project whose steps act as an account of a profile, with these lines in ~/.aws/config.
func openProfile(t *testing.T, aws *sandbox.Server, lines string) *fixture {
	t.Helper()
	f := open(t, `stepdeck: 1
project: P
accounts:
  - {name: Dev, kind: profile, profile: dev, region: eu-west-1}
variables:
  - {name: aws.account, type: aws-account, value: Dev}
steps:
`+step("Build", "aws.account", "echo hi")+step("Ship", "aws.account", "echo hi"))
	text := "[profile dev]\nregion = eu-west-1\nendpoint_url = " + aws.RegionEndpoint("eu-west-1") + "\n" + lines +
		"[sso-session ours]\nsso_start_url = " + aws.StartURL() + "\nsso_region = eu-west-1\n"
	err := os.MkdirAll(filepath.Join(f.home, ".aws"), 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(f.home, ".aws", "config"), []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// allow does what a person does on the page of a sign-in.
func allow(t *testing.T, page string) {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := url.Values{"user": {"ann"}, "decision": {"allow"}}.Encode()
	for method := http.MethodPost; page != ""; method = http.MethodGet {
		r, err := http.NewRequestWithContext(t.Context(), method, page, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		page = answer.Header.Get("Location")
	}
}

// ssoLogin does what aws sso login does.
func ssoLogin(t *testing.T, aws *sandbox.Server, home string) {
	t.Helper()
	o := identitycenter.Options{
		StartURL: aws.StartURL(), Region: "eu-west-1", Endpoint: aws.RegionEndpoint("eu-west-1"),
		Client: &http.Client{Timeout: time.Minute}, Now: time.Now,
	}
	attempt, err := identitycenter.Begin(t.Context(), o, identitycenter.Registration{})
	if err != nil {
		t.Fatal(err)
	}
	defer attempt.Close()
	allow(t, attempt.URL)
	tokens, err := attempt.Wait(t.Context())
	if err == nil {
		err = identitycenter.WriteCache(identitycenter.CachePath(filepath.Join(home, ".aws/sso/cache"), "ours"), tokens)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// login does what aws login does.
func login(t *testing.T, aws *sandbox.Server, home string) {
	t.Helper()
	o := console.Options{
		Region: "eu-west-1", Endpoint: aws.RegionEndpoint("eu-west-1"), Client: &http.Client{Timeout: time.Minute}, Now: time.Now,
	}
	attempt, err := console.Begin(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer attempt.Close()
	allow(t, attempt.URL)
	tokens, err := attempt.Wait(t.Context())
	if err == nil {
		err = console.WriteCache(console.CachePath(filepath.Join(home, ".aws/login/cache"), annsSession), tokens)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A run of a profile whose sign-in has ended asks for it before it starts, says what to run, and goes on once that was done.
func TestARunAsksForTheSignInOfTheAWSCommand(t *testing.T) {
	for name, tt := range map[string]struct {
		lines, command, why string
		signIn              func(*testing.T, *sandbox.Server, string)
	}{
		"aws sso login": {"sso_session = ours\nsso_account_id = " + sandbox.AccountID + "\nsso_role_name = ReadOnlyAccess\n",
			`aws sso login --profile "dev"`, "not signed in at", ssoLogin},
		"aws login": {"login_session = " + annsSession + "\n", `aws login --profile "dev"`, "not signed in as", login},
	} {
		t.Run(name, func(t *testing.T) {
			aws, err := sandbox.Start(t.Context(), sandbox.Options{
				IdentityCenter: &sandbox.IdentityCenter{Region: "eu-west-1"}, Console: &sandbox.Console{},
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = aws.Close() })
			f := openProfile(t, aws, tt.lines)
			w := f.asksAWSSignIn()
			f.says("Run · P", "The steps Build, Ship act as account Dev, whose profile dev", tt.why, tt.command, "goes on by itself",
				"gives up in 1")
			if n := strings.Count(f.texts(), tt.command); n != 1 {
				t.Errorf("the command stands there %d times: %s", n, f.texts())
			}
			test.Tap(w.copy)
			if got := f.app.Clipboard().Content(); got != tt.command {
				t.Errorf("copied %q", got)
			}
			tt.signIn(t, aws, f.home)
			f.sheet().confirm() // the first run in this AWS account
			f.over()
			if f.place.view.run.Status != model.Succeeded {
				t.Errorf("the run ended as %s: %s", f.place.view.run.Status, f.place.view.run.Message)
			}
		})
	}
}

// asksAWSSignIn starts the project and returns the dialog, once it waits.
func (f *fixture) asksAWSSignIn() *awsSignIn {
	f.t.Helper()
	f.place.Start(Wanted{Project: "P"})
	f.until("the question", func() bool { w := f.place.start.awsSignIn; return w != nil && w.read })
	return f.place.start.awsSignIn
}

// The wait can be given up, by the person and by its time limit, and begun again.
func TestTheWaitForTheAWSCommandEnds(t *testing.T) {
	aws, err := sandbox.Start(t.Context(), sandbox.Options{Console: &sandbox.Console{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = aws.Close() })
	f := openProfile(t, aws, "login_session = "+annsSession+"\n")
	first := f.asksAWSSignIn()
	f.ahead += time.Minute
	first.finish()
	f.until("the question again", func() bool { again := f.place.start.awsSignIn; return again != nil && again != first && again.read })
	if again := f.place.start.awsSignIn; !again.until.Equal(first.until) || again.banner.Text() != "Still not signed in." {
		t.Errorf("it waits until %s, before until %s, and says %q", again.until, first.until, again.banner.Text())
	}
	f.place.start.awsSignIn.dialog.Close()
	if f.place.start.signingIn || f.place.start.awsSignIn != nil {
		t.Error("it goes on after Cancel")
	}
	f.ahead += afterStop
	w := f.asksAWSSignIn()
	f.ahead += runner.DefaultSignInWait
	f.until("the end of the wait", func() bool { return w.banner.Text() != "" })
	f.says("Nobody signed in within 15 minutes. Nothing has run.", "Try again")
	w.finish()
	f.until("the question again", func() bool { again := f.place.start.awsSignIn; return again != nil && again != w && again.read })
	if runs, err := f.store.Runs(t.Context(), model.RunFilter{}); err != nil || len(runs) > 0 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	f.place.start.awsSignIn.dialog.Close()
}
