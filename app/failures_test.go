package app

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// trouble is a computer, and AWS, on which something goes wrong.
type trouble struct {
	*Services
	t     *testing.T
	aws   *sandbox.Server
	key   sandbox.Key
	mfa   sandbox.MFADevice
	later atomic.Int64 // by how much AWS's clock is ahead
	mine  atomic.Int64 // and this computer's
}

// pass lets time go by, here and at AWS.
func (f *trouble) pass(d time.Duration) {
	f.later.Add(int64(d))
	f.mine.Add(int64(d))
}

// newTrouble starts AWS, with a key in it, and opens the services with further variables.
func newTrouble(t *testing.T, o sandbox.Options, environ func(aws *sandbox.Server) []string) *trouble {
	t.Helper()
	f := &trouble{t: t, key: sandbox.NewKey(), mfa: sandbox.NewMFADevice()}
	o.Keys, o.MFADevices = append(o.Keys, f.key), []sandbox.MFADevice{f.mfa}
	o.Now = func() time.Time { return time.Now().Add(time.Duration(f.later.Load())) }
	var err error
	if f.aws, err = sandbox.Start(context.WithoutCancel(t.Context()), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.aws.Close() })
	dir := t.TempDir()
	quick, err := os.ReadFile(filepath.Join("..", "model", "vault", "testdata", "vault-quick")) // a new one would take its time
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, vault.FileName), quick, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"STEPDECK_PASSPHRASE=correct horse battery staple", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	if environ != nil {
		all = append(all, environ(f.aws)...)
	}
	f.Services, err = Open(t.Context(), Options{DataDir: dir, Version: NewVersion("1.2.3", "abcdef"), Environ: all,
		now: func() time.Time { return time.Now().Add(time.Duration(f.mine.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// account saves an account and returns the error of asking AWS who it is.
func (f *trouble) account(a model.Account, secrets model.AccountSecrets) error {
	f.t.Helper()
	a.Name = "Ours"
	if err := f.Accounts().Save(f.t.Context(), &a, secrets); err != nil {
		f.t.Fatal(err)
	}
	_, err := f.Accounts().Test(f.t.Context(), a.Name)
	return err
}

// keyed tests the sandbox's key after a change.
func (f *trouble) keyed(change func(*model.Account, *model.AccountSecrets)) error {
	f.t.Helper()
	a := model.Account{Kind: model.KindAccessKey, AccessKeyID: f.key.AccessKeyID, Region: "eu-west-1", Endpoint: f.aws.Endpoint()}
	secrets := model.AccountSecrets{SecretKey: f.key.SecretKey}
	change(&a, &secrets)
	return f.account(a, secrets)
}

// assuming returns why a step may not start that assumes a role.
func (f *trouble) assuming(r model.AssumeRole) error {
	f.t.Helper()
	if err := f.keyed(func(*model.Account, *model.AccountSecrets) {}); err != nil {
		f.t.Fatal(err)
	}
	step := model.NewStep("Step")
	step.AWS = model.StepAWS{Account: "who", Region: "eu-west-1", AssumeRole: &r}
	step.Script.Body = "true"
	p := model.Project{
		Name: "P", Steps: []model.Step{step}, Variables: []model.Variable{{Name: "who", Type: model.TypeAWSAccount, Value: "Ours"}},
	}
	if _, err := f.store.SaveProject(f.t.Context(), &p); err != nil {
		f.t.Fatal(err)
	}
	pre, err := f.Runs().Runner().Preflight(f.t.Context(), runner.Request{Project: p}, runner.PreflightOptions{Verify: true})
	if err != nil || len(pre.Refusals) != 1 {
		f.t.Fatalf("refusals %v, %v", pre.Refusals, err)
	}
	return pre.Refusals[0].Err
}

// signingIn signs in for an account on a page that is answered so, and returns what came of it. after may go on with the account.
func (f *trouble) signingIn(a model.Account, decision string, after func(a model.Account) error) error {
	f.t.Helper()
	a.Name, a.Endpoint = "Ours", cmpOr(a.Endpoint, f.aws.RegionEndpoint(a.SignInRegion))
	if err := f.Accounts().Save(f.t.Context(), &a, model.AccountSecrets{}); err != nil {
		f.t.Fatal(err)
	}
	show := func(step model.SignInStep) { go decide(f.t, step, decision) }
	_, err := f.SignIns().SignIn(f.t.Context(), a, model.SignInHere, show, nil)
	if err == nil && after != nil {
		return after(a)
	}
	return err
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// decide answers a page as a person does, and follows the browser back.
func decide(t *testing.T, step model.SignInStep, decision string) {
	browser := &http.Client{
		Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	form := url.Values{"user": {"ann"}, "decision": {decision}, "user_code": {step.Code}}.Encode()
	for method, address := http.MethodPost, step.URL; address != ""; method = http.MethodGet {
		r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, strings.NewReader(form))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := browser.Do(r)
		if err != nil {
			return // the sign-in says what came of it
		}
		_ = answer.Body.Close()
		address = answer.Header.Get("Location")
	}
}

func (f *trouble) portal() model.Account {
	return model.Account{
		Kind: model.KindIdentityCenter, StartURL: f.aws.StartURL(), SignInRegion: sandbox.DefaultRegion, AWSID: sandbox.AccountID,
		RoleName: "ReadOnlyAccess",
	}
}

func (f *trouble) console() model.Account {
	return model.Account{Kind: model.KindConsole, SignInRegion: sandbox.DefaultRegion}
}

func (f *trouble) test(a model.Account) error {
	_, err := f.Accounts().Test(f.t.Context(), a.Name)
	return err
}

// refusing is an AWS that gives the same answer to every request.
func refusing(t *testing.T, code, message string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message +
			"</Message></Error></ErrorResponse>"))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// closed is an address of this computer at which nobody listens.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "http://" + l.Addr().String()
}

func metadataAt(t *testing.T, o sandbox.Metadata) (sandbox.Options, func(*sandbox.Server) []string) {
	t.Helper()
	return sandbox.Options{Metadata: &o}, func(aws *sandbox.Server) []string {
		return []string{"AWS_ENDPOINT_URL=" + aws.Endpoint(), "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + aws.MetadataEndpoint()}
	}
}

// role returns the ARN of a role of the sandbox.
func role(name string) string { return "arn:aws:iam::" + sandbox.AccountID + ":role/" + name }

// TestEveryFailureIsExplained makes each thing go wrong that can when Stepdeck finds out who somebody is. Each has a code, which is
// Octopus's where it has one, a sentence with the cause, and one thing to do. What needs a test of its own is at the end.
func TestEveryFailureIsExplained(t *testing.T) {
	type row struct {
		fail            func(t *testing.T) error
		code, cause, do string
	}
	keyed := func(change func(*model.Account, *model.AccountSecrets)) func(*testing.T) error {
		return func(t *testing.T) error { return newTrouble(t, sandbox.Options{}, nil).keyed(change) }
	}
	at := func(code, message string) func(*testing.T) error {
		return func(t *testing.T) error {
			return newTrouble(t, sandbox.Options{}, nil).keyed(func(a *model.Account, _ *model.AccountSecrets) {
				a.Endpoint = refusing(t, code, message)
			})
		}
	}
	assuming := func(r model.AssumeRole, roles ...sandbox.Role) func(*testing.T) error {
		return func(t *testing.T) error {
			return newTrouble(t, sandbox.Options{Roles: append(sandbox.DefaultRoles(), roles...)}, nil).assuming(r)
		}
	}
	center := func(o sandbox.IdentityCenter, change func(*model.Account), decision string,
		after func(*trouble, model.Account) error,
	) func(*testing.T) error {
		return func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{IdentityCenter: &o}, nil)
			a := f.portal()
			change(&a)
			return f.signingIn(a, decision, func(a model.Account) error { return after(f, a) })
		}
	}
	console := func(o sandbox.Console, decision string, after func(*trouble, model.Account) error) func(*testing.T) error {
		return func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{Console: &o}, nil)
			return f.signingIn(f.console(), decision, func(a model.Account) error { return after(f, a) })
		}
	}
	test := func(f *trouble, a model.Account) error { return f.test(a) }
	metadata := func(o sandbox.Metadata) func(*testing.T) error {
		return func(t *testing.T) error {
			options, environ := metadataAt(t, o)
			return newTrouble(t, options, environ).instance()
		}
	}
	container := func(more func(aws *sandbox.Server) []string) func(*testing.T) error {
		return func(t *testing.T) error {
			return newTrouble(t, sandbox.Options{Container: &sandbox.Container{}}, func(aws *sandbox.Server) []string {
				return append([]string{"AWS_ENDPOINT_URL=" + aws.Endpoint()}, more(aws)...)
			}).instance()
		}
	}
	process := func(line string) func(*testing.T) error {
		return func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{}, nil)
			return f.account(model.Account{Kind: model.KindProcess, Process: line, Endpoint: f.aws.Endpoint()}, model.AccountSecrets{})
		}
	}
	profile := func(name, config string) func(*testing.T) error {
		return func(t *testing.T) error {
			file := filepath.Join(t.TempDir(), "config")
			if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			f := newTrouble(t, sandbox.Options{}, func(*sandbox.Server) []string { return []string{"AWS_CONFIG_FILE=" + file} })
			return f.account(model.Account{Kind: model.KindProfile, Profile: name, Endpoint: f.aws.Endpoint()}, model.AccountSecrets{})
		}
	}
	unchanged := func(*model.Account) {}

	for name, tt := range map[string]row{
		"key: wrong secret": {keyed(func(_ *model.Account, s *model.AccountSecrets) { s.SecretKey = "not/the/secret/key" }),
			"AWS-LOGIN-ERROR-0005", "is not the one that belongs to access key", "Enter the secret key again."},
		"key: unknown": {keyed(func(a *model.Account, _ *model.AccountSecrets) { a.AccessKeyID = "AKIAUNKNOWN000000000" }),
			"AWS-LOGIN-ERROR-0005", "AWS doesn't know the access key", "Check that it is correct and active."},
		"key: deactivated": {func(t *testing.T) error {
			off := sandbox.NewKey()
			off.Inactive = true
			return newTrouble(t, sandbox.Options{Keys: []sandbox.Key{off}}, nil).keyed(func(a *model.Account, s *model.AccountSecrets) {
				a.AccessKeyID, s.SecretKey = off.AccessKeyID, off.SecretKey
			})
		}, "AWS-LOGIN-ERROR-0005", "AWS doesn't know the access key", "Check that it is correct and active."},
		"key: temporary, without its token": {keyed(func(a *model.Account, _ *model.AccountSecrets) { a.AccessKeyID = "ASIAEXAMPLE000000000" }),
			"AWS-LOGIN-ERROR-0005", "is a temporary one", "Enter the session token too."},
		"key: expired token": {at("ExpiredToken", "The security token included in the request is expired"),
			"aws.token.expired", "has expired", "Get new temporary keys and enter them."},
		"region: not enabled": {at("RegionDisabledException", "STS is not activated in this region"),
			"aws.region.disabled", "The region eu-west-1 is not enabled", "Enable it there, or choose another region."},
		"region: not enabled, for a key": {func(t *testing.T) error {
			return newTrouble(t, sandbox.Options{DisabledRegions: []string{"af-south-1"}}, nil).keyed(
				func(a *model.Account, _ *model.AccountSecrets) { a.Region = "af-south-1" })
		}, "AWS-LOGIN-ERROR-0005", "in region af-south-1", "Check that it is correct and active, and that the region is enabled"},
		"clock: refused without a difference": {at("SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier"),
			"aws.clock", "AWS finds the time of the request wrong", "Set this computer's clock."},
		"AWS: throttled": {at("Throttling", "Rate exceeded"), "aws.throttled", "Too many requests", "Try again in a minute."},
		"AWS: denied":    {at("AccessDenied", "no"), "aws.denied", "doesn't allow", "Allow it in the network's endpoint policy."},

		"MFA: wrong device": {keyedCode(func(f *trouble, a *model.Account) string {
			a.MFADevice = "arn:aws:iam::000000000000:mfa/another"
			return f.mfa.Code(time.Now())
		}), "aws.mfa.device", "is not one of the user of", "Enter the device that the user's security credentials in AWS name."},
		"MFA: wrong code": {keyedCode(func(f *trouble, _ *model.Account) string { return f.mfa.Code(time.Now().Add(time.Hour)) }),
			"aws.mfa.code", "AWS doesn't accept the code", "Enter the next code that it shows"},
		"MFA: no code": {keyedCode(func(*trouble, *model.Account) string { return "12345" }),
			"aws.mfa.form", "A code has six digits", "Enter the one that the device"},
		"MFA: nobody is asked": {func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{}, nil)
			return f.keyed(func(a *model.Account, _ *model.AccountSecrets) { a.MFADevice = f.mfa.Serial })
		}, model.CodeMFANeeded, "needs a code of the MFA device", "Enter it."},

		"role: missing": {assuming(model.AssumeRole{ARN: role("nobody")}),
			"AWS-LOGIN-ERROR-0004", "may not assume the role " + role("nobody") + ", or there is no such role", "make the role trust it."},
		"role: does not trust": {assuming(model.AssumeRole{ARN: role("closed")},
			sandbox.Role{ARN: role("closed"), Trusts: []string{"999999999999"}}),
			"AWS-LOGIN-ERROR-0004", "may not assume the role", "make the role trust it."},
		"role: external ID missing": {assuming(model.AssumeRole{ARN: role("partner")}),
			"AWS-LOGIN-ERROR-0004", "may not assume the role", "If the role requires an external ID, enter it"},
		"role: external ID wrong": {assuming(model.AssumeRole{ARN: role("partner"), ExternalID: "wrong"}),
			"AWS-LOGIN-ERROR-0004", "may not assume the role", "Check the external ID"},
		"role: too long": {assuming(model.AssumeRole{ARN: role("reader"), Duration: 7200}),
			"role.duration.refused", "does not allow sessions of 2 hours", "Shorten the duration, or raise the role's maximum."},

		"Identity Center: nobody has signed in": {func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{}}, nil)
			a := f.portal()
			a.Endpoint = f.aws.Endpoint()
			return f.account(a, model.AccountSecrets{})
		}, model.CodeSignInNeeded, "Nobody has signed in", "Sign in."},
		"Identity Center: denied": {center(sandbox.IdentityCenter{}, unchanged, "deny", test),
			"signin.denied", "The sign-in was denied in the browser", "Sign in again and allow the access."},
		"Identity Center: wrong region": {func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{}}, nil)
			a := f.portal()
			a.Name, a.SignInRegion, a.Endpoint = "Ours", "eu-north-1", f.aws.RegionEndpoint("eu-north-1")
			_, err := f.SignIns().SignIn(t.Context(), a, model.SignInElsewhere, func(model.SignInStep) {}, nil)
			return err
		}, "signin.region", "There is no Identity Center of", "Check the start URL and the region."},
		"Identity Center: no such role": {center(sandbox.IdentityCenter{}, func(a *model.Account) { a.RoleName = "Owner" }, "allow", test),
			"signin.role", "You don't have that role in that AWS account", "Choose another role, or ask an administrator."},
		"Identity Center: ended": {center(sandbox.IdentityCenter{TokenLifetime: 2 * time.Minute, Session: time.Hour}, unchanged, "allow",
			func(f *trouble, a model.Account) error {
				f.pass(2 * time.Hour)
				return f.test(a)
			}), model.CodeSignInEnded, "has ended", "Sign in again."},

		"console: nobody has signed in": {func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{Console: &sandbox.Console{}}, nil)
			a := f.console()
			a.Endpoint = f.aws.Endpoint()
			return f.account(a, model.AccountSecrets{})
		}, model.CodeSignInNeeded, "Nobody has signed in", "Sign in."},
		"console: denied": {console(sandbox.Console{}, "deny", test),
			"signin.denied", "The sign-in was denied in the browser", "Sign in again and allow the access."},
		"console: policy missing": {console(sandbox.Console{NoPolicy: true}, "allow", test),
			"signin.policy", "AWS doesn't allow", "attach the policy SignInLocalDevelopmentAccess"},
		"console: ended": {renewing(func(f *trouble) { f.pass(13 * time.Hour) }),
			model.CodeSignInEnded, "has ended", "Sign in again."},
		"console: password changed": {renewing(func(f *trouble) { f.aws.ChangePassword() }),
			model.CodeSignInEnded, "because the password was changed", "Sign in again."},
		"console: wrong region": {renewing(func(f *trouble) { f.aws.FailConsole(sandbox.InvalidRequest) }),
			"signin.region", "It was probably made in another region", "sign in again, in the region to use from now on."},
		"console: out of order": {renewing(func(f *trouble) { f.aws.FailConsole(repeated(sandbox.ServiceUnavailable)...) }),
			"signin.unavailable", "is unavailable", "Try again in a few minutes"},
		"console: throttled": {renewing(func(f *trouble) { f.aws.FailConsole(repeated(sandbox.RateExceeded)...) }),
			"signin.throttled", "Too many sign-ins", "Try again in a minute."},
		"console: wrong clock": {func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{Console: &sandbox.Console{}}, nil)
			f.later.Store(int64(time.Hour))
			return f.signingIn(f.console(), "allow", nil)
		}, "aws.clock", "behind AWS's", "Set the clock."},

		"instance: no metadata service": {func(t *testing.T) error {
			nobody := closed(t)
			return newTrouble(t, sandbox.Options{}, func(aws *sandbox.Server) []string {
				return []string{"AWS_ENDPOINT_URL=" + aws.Endpoint(), "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + nobody}
			}).instance()
		}, "AWS-LOGIN-ERROR-0006", "There is no instance metadata service here", "use an account with an access key."},
		"instance: hop limit": {metadata(sandbox.Metadata{HopLimited: true}),
			"AWS-LOGIN-ERROR-0006", "There is no instance metadata service here", "raise its metadata hop limit to 2"},
		"instance: switched off": {metadata(sandbox.Metadata{Forbidden: true}),
			"aws.metadata.off", "switched off or forbids access", "Switch it on for the instance."},
		"instance: no role": {metadata(sandbox.Metadata{NoRole: true}),
			"AWS-LOGIN-ERROR-0003", "This instance has no role", "Attach one to it"},
		"instance: version 1 only": {func(t *testing.T) error {
			old := httptest.NewServer(http.NotFoundHandler()) // it knows no tokens
			t.Cleanup(old.Close)
			return newTrouble(t, sandbox.Options{}, func(aws *sandbox.Server) []string {
				return []string{"AWS_ENDPOINT_URL=" + aws.Endpoint(), "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + old.URL}
			}).instance()
		}, "aws.metadata.v1", "supports only version 1", "Allow version 2 on the instance."},
		"container: wrong token": {container(func(aws *sandbox.Server) []string {
			return []string{"AWS_CONTAINER_CREDENTIALS_FULL_URI=" + aws.ContainerEndpoint(), "AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong"}
		}), "AWS-LOGIN-ERROR-0006", "doesn't accept the token", "Check AWS_CONTAINER_AUTHORIZATION_TOKEN"},
		"container: elsewhere": {container(func(*sandbox.Server) []string {
			return []string{"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://192.0.2.1/role"}
		}), "AWS-LOGIN-ERROR-0006", "may not be asked over plain http", "Use https"},

		"network: nobody listens": {keyed(func(a *model.Account, _ *model.AccountSecrets) { a.Endpoint = closed(t) }),
			"aws.unreachable", "Can't reach", "Check the endpoint, the connection and the firewall."},
		"network: no such name": {keyed(func(a *model.Account, _ *model.AccountSecrets) { a.Endpoint = "https://nothing.invalid" }),
			"aws.dns", "can't be found", "Check the region and the connection to the internet."},
		"network: unknown authority": {keyed(func(a *model.Account, _ *model.AccountSecrets) {
			a.Endpoint = quietTLS(t)
		}), "aws.tls.authority", "from an authority that this computer doesn't trust", "name its root in AWS_CA_BUNDLE."},
		"network: no TLS": {func(t *testing.T) error {
			f := newTrouble(t, sandbox.Options{}, nil)
			return f.keyed(func(a *model.Account, _ *model.AccountSecrets) {
				a.Endpoint = strings.Replace(f.aws.Endpoint(), "http:", "https:", 1)
			})
		}, "aws.tls", "Can't make a secure connection", "Check the endpoint, the proxy and this computer's clock."},
		"network: proxy": {func(t *testing.T) error {
			nobody := closed(t)
			f := newTrouble(t, sandbox.Options{}, func(*sandbox.Server) []string { return []string{"HTTPS_PROXY=" + nobody} })
			return f.keyed(func(a *model.Account, _ *model.AccountSecrets) { a.Endpoint = "https://sts.example.com" })
		}, "aws.proxy", "The proxy doesn't let requests", "Check HTTPS_PROXY and NO_PROXY."},
		"network: not AWS": {func(t *testing.T) error {
			page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>Welcome!")) }))
			t.Cleanup(page.Close)
			return newTrouble(t, sandbox.Options{}, nil).keyed(func(a *model.Account, _ *model.AccountSecrets) { a.Endpoint = page.URL })
		}, "aws.garbled", "is not from AWS", "Check the endpoint and the proxy."},

		"profile: missing": {profile("nobody", "[profile one]\n"),
			"profile.unknown", `There is no profile "nobody"`, "Choose one that is there, or add it."},
		"profile: circle": {profile("one", "[profile one]\nrole_arn = "+role("reader")+"\nsource_profile = two\n"+
			"[profile two]\nrole_arn = "+role("reader")+"\nsource_profile = one\n"),
			"profile.loop", `lead back to "one"`, "Correct source_profile."},
		"process: no such program": {process("/no/such/program"), "process.missing", "names a program that is not there", "Enter its full path"},
		"process: no keys": {process("echo hello"),
			"process.output.form", "prints something other than credentials as JSON", "Run it in a terminal and see what."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.fail(t)
			if err == nil {
				t.Fatal("nothing failed")
			}
			sentence := err.Error()
			t.Log(model.ErrorCode(err), sentence)
			if model.ErrorCode(err) != tt.code || !strings.Contains(sentence, tt.cause) || !strings.Contains(sentence, tt.do) {
				t.Errorf("code %s, want %s; the sentence must say %q and %q", model.ErrorCode(err), tt.code, tt.cause, tt.do)
			}
			if len(sentence) > 600 || strings.Contains(sentence, "not/the/secret/key") {
				t.Error("the sentence is too long, or has a secret")
			}
		})
	}
}

// instance asks AWS who the role is that this computer has.
func (f *trouble) instance() error {
	f.t.Helper()
	_, err := f.Accounts().Test(f.t.Context(), "instance-role")
	return err
}

// keyedCode fails with the code that a function returns, again and again.
func keyedCode(enter func(f *trouble, a *model.Account) string) func(*testing.T) error {
	return func(t *testing.T) error {
		f := newTrouble(t, sandbox.Options{}, nil)
		a := model.Account{
			Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: f.key.AccessKeyID, Region: "eu-west-1", Endpoint: f.aws.Endpoint(),
			MFADevice: f.mfa.Serial,
		}
		code := enter(f, &a)
		if err := f.Accounts().Save(t.Context(), &a, model.AccountSecrets{SecretKey: f.key.SecretKey}); err != nil {
			t.Fatal(err)
		}
		return f.Accounts().EnterCode(t.Context(), a, code)
	}
}

// renewing fails when the keys of a sign-in with the console are renewed.
func renewing(spoil func(f *trouble)) func(*testing.T) error {
	return func(t *testing.T) error {
		f := newTrouble(t, sandbox.Options{Console: &sandbox.Console{}}, nil)
		return f.signingIn(f.console(), "allow", func(a model.Account) error {
			f.pass(sandbox.MaxConsoleLifetime) // the keys have ended
			spoil(f)
			return f.test(a)
		})
	}
}

// repeated is a refusal of all attempts.
func repeated(e sandbox.OAuthError) []sandbox.OAuthError {
	list := make([]sandbox.OAuthError, 20)
	for i := range list {
		list[i] = e
	}
	return list
}

// quietTLS is a server whose certificate nobody knows.
func quietTLS(t *testing.T) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}
