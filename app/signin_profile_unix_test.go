//go:build unix

package app

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const annsSession = "arn:aws:iam::" + sandbox.AccountID + ":user/ann"

// profile saves an account of a profile with these lines in ~/.aws/config.
func (c *computer) profile(s *Services, lines string) model.Account {
	c.t.Helper()
	if err := os.MkdirAll(filepath.Join(c.home, ".aws"), 0o700); err != nil {
		c.t.Fatal(err)
	}
	text := "[profile dev]\nregion = eu-west-1\nendpoint_url = " + c.aws.RegionEndpoint("eu-west-1") + "\n" + lines +
		"[sso-session ours]\nsso_start_url = " + c.aws.StartURL() + "\nsso_region = eu-west-1\n"
	if err := os.WriteFile(filepath.Join(c.home, ".aws", "config"), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return c.save(s, model.Account{Name: "Dev", Kind: model.KindProfile, Profile: "dev"}, model.AccountSecrets{})
}

func (c *computer) portalOptions() identitycenter.Options {
	return identitycenter.Options{
		StartURL: c.aws.StartURL(), Region: "eu-west-1", Endpoint: c.aws.RegionEndpoint("eu-west-1"),
		Client: &http.Client{Timeout: time.Minute}, Now: c.clock.now,
	}
}

func (c *computer) ssoCache() string {
	return identitycenter.CachePath(filepath.Join(c.home, ".aws/sso/cache"), "ours")
}

// ssoLogout ends the sign-in at AWS, and leaves the file.
func (c *computer) ssoLogout() {
	c.t.Helper()
	tokens, err := identitycenter.ReadCache(c.ssoCache(), c.aws.StartURL(), "eu-west-1")
	if err != nil {
		c.t.Fatal(err)
	}
	portal, err := identitycenter.NewPortal(c.portalOptions())
	if err == nil {
		err = portal.Logout(c.t.Context(), tokens)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// ssoLogin does what aws sso login does.
func (c *computer) ssoLogin() {
	c.t.Helper()
	attempt, err := identitycenter.Begin(c.t.Context(), c.portalOptions(), identitycenter.Registration{})
	if err != nil {
		c.t.Fatal(err)
	}
	defer attempt.Close()
	decide(c.t, model.SignInStep{URL: attempt.URL}, "allow")
	tokens, err := attempt.Wait(c.t.Context())
	if err == nil {
		err = identitycenter.WriteCache(c.ssoCache(), tokens)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// login does what aws login does.
func (c *computer) login() {
	c.t.Helper()
	attempt, err := console.Begin(c.t.Context(), console.Options{
		Region: "eu-west-1", Endpoint: c.aws.RegionEndpoint("eu-west-1"), Client: &http.Client{Timeout: time.Minute}, Now: c.clock.now,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	defer attempt.Close()
	decide(c.t, model.SignInStep{URL: attempt.URL}, "allow")
	tokens, err := attempt.Wait(c.t.Context())
	if err == nil {
		err = console.WriteCache(console.CachePath(filepath.Join(c.home, ".aws/login/cache"), annsSession), tokens)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// A run waits for the aws command's own sign-in: before its first script if nobody has signed in, and before a later step when the
// sign-in has ended.
func TestARunWaitsForASignInWithTheAWSCommand(t *testing.T) {
	for name, tt := range map[string]struct {
		lines, run, who string
		signIn          func(*computer)
	}{
		"aws sso login": {"sso_session = ours\nsso_account_id = " + sandbox.AccountID + "\nsso_role_name = ReadOnlyAccess\n",
			`Run aws sso login --profile "dev".`, "_ReadOnlyAccess_", (*computer).ssoLogin},
		"aws login": {"login_session = " + annsSession + "\n", `Run aws login --profile "dev".`, "user/ann", (*computer).login},
	} {
		t.Run(name, func(t *testing.T) {
			c := newComputer(t, sandbox.Options{
				IdentityCenter: &sandbox.IdentityCenter{Region: "eu-west-1", Session: 2 * time.Hour}, Console: &sandbox.Console{Session: 2 * time.Hour},
			})
			s := c.process()
			a := c.profile(s, tt.lines)
			c.asksBefore(s, a, tt.run)
			o := model.DefaultOptions()
			o.FreshCredentials = model.FreshNever // so that the first step asks nothing
			r := c.start(s, a, time.Hour, o, whoAmI+"; echo begun; until [ -e "+c.dir+"/later ]; do sleep 0.05; done", whoAmI)
			w := r.asks()
			if _, ok := w.Question.(runner.AWSSignIn); !ok || runner.AsksForCode(w.Message) {
				t.Errorf("it asks %+v", w)
			}
			tt.signIn(c)
			r.begun(t)
			c.clock.pass(3 * time.Hour)
			c.touch("later")
			r.asks()
			tt.signIn(c)
			r.ends(model.Succeeded, `"Step 2" waits for somebody to sign in for account "Dev", until`, tt.run, "The step goes on.", tt.who)
		})
	}
}

// asksBefore checks that a preflight asks for the sign-in, which refuses nothing, and says what to run.
func (c *computer) asksBefore(s *Services, a model.Account, run string) {
	c.t.Helper()
	p := model.Project{Name: "P", Variables: []model.Variable{{Name: "who", Type: model.TypeAWSAccount, Value: a.Name}}}
	step := model.NewStep("S")
	step.AWS, step.Script.Body = model.StepAWS{Account: "who", Region: "eu-west-1"}, "true"
	p.Steps = []model.Step{step, step}
	p.Steps[1].Name = "S 2"
	pre, err := s.Runs().Runner().Preflight(c.t.Context(), runner.Request{Project: p}, runner.PreflightOptions{Verify: true})
	if err != nil || len(pre.Refusals) > 0 || len(pre.Questions) != 1 {
		c.t.Fatalf("%v, refused: %v, asked: %v", err, pre.Refusals, pre.Questions)
	}
	q, ok := pre.Questions[0].(runner.AWSSignIn)
	if !ok || q.Account.ID != a.ID || "Run "+q.Command+"." != run {
		c.t.Errorf("it asks %+v", pre.Questions[0])
	}
}

// A token that AWS takes back before its end is read anew, too.
func TestARunWaitsForAnotherTokenOfTheAWSCommand(t *testing.T) {
	c := newComputer(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{Region: "eu-west-1"}})
	s := c.process()
	a := c.profile(s, "sso_session = ours\nsso_account_id = "+sandbox.AccountID+"\nsso_role_name = ReadOnlyAccess\n")
	c.ssoLogin()
	o := model.DefaultOptions()
	o.FreshCredentials = model.FreshNever
	r := c.start(s, a, time.Hour, o, "echo begun; until [ -e "+c.dir+"/later ]; do sleep 0.05; done", whoAmI)
	r.begun(t)
	c.ssoLogout()
	c.clock.pass(2 * time.Minute) // else the session from before is used
	c.touch("later")
	r.asks()
	c.ssoLogin()
	r.ends(model.Succeeded, "_ReadOnlyAccess_")
}

// A sign-in that doesn't help doesn't make the run wait longer than it says.
func TestTheWaitOfARunHasOneLimit(t *testing.T) {
	c := newComputer(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{Region: "eu-west-1"}})
	s := c.process()
	a := c.profile(s, "sso_session = ours\nsso_account_id = "+sandbox.AccountID+"\nsso_role_name = ReadOnlyAccess\n")
	r := c.start(s, a, time.Hour, model.DefaultOptions(), whoAmI)
	first := r.asks()
	c.clock.pass(10 * time.Minute)
	if err := os.MkdirAll(filepath.Dir(c.ssoCache()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.ssoCache(), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := r.asks(); !again.Until.Equal(first.Until) {
		t.Errorf("it waits until %s, before until %s", again.Until, first.Until)
	}
	c.ssoLogin()
	r.ends(model.Succeeded, "_ReadOnlyAccess_")
}
