package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// endpoints makes an aws 2 that is too old for AWS_ENDPOINT_URL send everything there. All else is its own: how it reads profiles,
// follows chains and gets keys.
const endpoints = `import os
import awscli # makes its own botocore the one that is found
from botocore import client

plain = client.ClientCreator.create_client

def create_client(self, *args, endpoint_url=None, **options):
    return plain(self, *args, endpoint_url=endpoint_url or os.environ["AWS_ENDPOINT_URL"], **options)

client.ClientCreator.create_client = create_client
`

// debiansAWS returns Debian's aws 2, whose source can be extended.
func debiansAWS(t *testing.T) string {
	t.Helper()
	const program = "/usr/bin/aws"
	version, err := exec.Command(program, "--version").CombinedOutput()
	if err == nil && strings.HasPrefix(string(version), "aws-cli/2.") {
		return program
	}
	if os.Getenv("STEPDECK_REQUIRE_TOOLS") != "" {
		t.Fatalf("aws 2 is missing: %s %v", version, err)
	}
	t.Skip("needs Debian's aws 2")
	return ""
}

// exported is what aws configure export-credentials prints.
type exported struct {
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

// exporter is a computer with profiles.
type exporter struct {
	*trouble
	t       *testing.T
	home    string
	environ []string
}

// export asks the real aws for the keys of a profile. answer is what a person types.
func (e *exporter) export(program, profile, answer string) (keys exported) {
	e.t.Helper()
	cmd := exec.Command(program, "configure", "export-credentials", "--profile", profile)
	cmd.Env = append(e.environ, "PYTHONPATH="+e.home)
	cmd.Stdin = strings.NewReader(answer + "\n")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // without a terminal it reads the code from there
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &keys)
	}
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		e.t.Fatal(err)
	}
	return keys
}

// who asks AWS whose keys these are.
func (e *exporter) who(keys exported) string {
	e.t.Helper()
	session, err := awsenv.Resolve(e.t.Context(), awsenv.Request{
		Account: model.Account{Name: "Exported", Kind: model.KindAccessKey, AccessKeyID: keys.AccessKeyID}, SecretKey: keys.SecretAccessKey,
		SessionToken: keys.SessionToken, Region: "us-east-1", Endpoint: e.aws.Endpoint(),
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return session.Identity.ARN
}

// ours returns the keys that Stepdeck has for a profile.
func (e *exporter) ours(profile, answer string) exported {
	e.t.Helper()
	a := model.Account{Name: profile, Kind: model.KindProfile, Profile: profile}
	if err := e.Accounts().Save(e.t.Context(), &a, model.AccountSecrets{}); err != nil {
		e.t.Fatal(err)
	}
	ask := runner.AskCode(func(_ context.Context, _ string, because error) (string, error) { return answer, because })
	keys, err := e.Accounts().Credentials(e.t.Context(), runner.Use{Account: a, Ask: ask})
	if err != nil {
		e.t.Fatal(err)
	}
	return exported{keys.AccessKeyID, keys.SecretKey, keys.SessionToken, expiration(keys.Expires)}
}

func expiration(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// write writes a file in the home folder.
func (e *exporter) write(name, text string) string {
	e.t.Helper()
	path := filepath.Join(e.home, name)
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		e.t.Fatal(err)
	}
	return path
}

// newExporter starts AWS with everything that a profile can get keys from, and opens the services.
func newExporter(t *testing.T) *exporter {
	t.Helper()
	e := &exporter{t: t, home: t.TempDir()}
	o := sandbox.Options{
		AllowAnyRole: true, IdentityCenter: &sandbox.IdentityCenter{}, Container: &sandbox.Container{}, Console: &sandbox.Console{},
	}
	e.trouble = newTrouble(t, o, func(aws *sandbox.Server) []string {
		e.environ = []string{
			"HOME=" + e.home, "PATH=" + os.Getenv("PATH"), "AWS_DEFAULT_REGION=us-east-1", "AWS_ENDPOINT_URL=" + aws.Endpoint(),
			"AWS_CONTAINER_CREDENTIALS_FULL_URI=" + aws.ContainerEndpoint(), "AWS_CONTAINER_AUTHORIZATION_TOKEN=" + aws.ContainerToken(),
			"AWS_ACCESS_KEY_ID=AKIAENVIRONMENT00000", "AWS_SECRET_ACCESS_KEY=of/the/environment", "AWS_EC2_METADATA_DISABLED=true",
		}
		return e.environ
	})
	e.write("sitecustomize.py", endpoints)
	return e
}

// TestProfilesAsExported compares the keys of each form of profile with those that the real aws exports for it. Keys that are made
// anew each time have the same owner, and end if and only if the others do.
func TestProfilesAsExported(t *testing.T) {
	program := debiansAWS(t)
	e := newExporter(t)
	temporary := e.write("keys.json", `{"Version": 1, "AccessKeyId": "`+e.key.AccessKeyID+`", "SecretAccessKey": "`+e.key.SecretKey+`"}`)
	e.signIntoCaches()
	role := func(name string) string { return "role_arn = " + role(name) + "\nrole_session_name = me\n" }
	base := "aws_access_key_id = " + e.key.AccessKeyID + "\naws_secret_access_key = " + e.key.SecretKey + "\n"
	text := ""
	add := func(name, lines string) {
		text += "[profile " + name + "]\nregion = us-east-1\nendpoint_url = " + e.aws.Endpoint() + "\n" + lines
	}
	add("base", base)
	add("role", "source_profile = base\n"+role("one"))
	add("chain", "source_profile = role\n"+role("two"))
	add("process", "credential_process = cat "+temporary+"\n")
	add("above-process", "source_profile = process\n"+role("three"))
	add("container", "credential_source = EcsContainer\n"+role("four"))
	add("code", "source_profile = base\nmfa_serial = "+e.mfa.Serial+"\n"+role("five"))
	add("sso", "sso_session = ours\nsso_account_id = "+sandbox.AccountID+"\nsso_role_name = ReadOnlyAccess\n")
	add("old-sso", "sso_start_url = "+e.aws.StartURL()+"\nsso_region = us-east-1\nsso_account_id = "+sandbox.AccountID+
		"\nsso_role_name = AdministratorAccess\n")
	add("above-sso", "source_profile = old-sso\n"+role("six")) // aws 2.9 fails above an sso_session
	text += "[sso-session ours]\nsso_start_url = " + e.aws.StartURL() + "\nsso_region = us-east-1\n"
	e.write(".aws/config", text)

	const same = "the same keys"
	for profile, want := range map[string]string{
		"base": same, "role": "role/one/me", "chain": "role/two/me", "process": same, "above-process": "role/three/me",
		"container": "role/four/me", "code": "role/five/me", "sso": "_ReadOnlyAccess_", "old-sso": "_AdministratorAccess_",
		"above-sso": "role/six/me",
	} {
		t.Run(profile, func(t *testing.T) {
			e := e.in(t)
			// Each code is good once, and that of the next half minute is good already.
			theirs := e.export(program, profile, e.mfa.Code(time.Now()))
			ours := e.ours(profile, e.mfa.Code(time.Now().Add(30*time.Second)))
			if (ours.SessionToken == "") != (theirs.SessionToken == "") || (ours.Expiration == "") != (theirs.Expiration == "") {
				t.Errorf("ours have a token: %v, end: %q; theirs: %v, %q", ours.SessionToken != "", ours.Expiration, theirs.SessionToken != "",
					theirs.Expiration)
			}
			if want == same {
				if ours != theirs {
					t.Error("the keys differ")
				}
				return
			}
			a, b := e.who(ours), e.who(theirs)
			if a != b || !strings.Contains(strings.ReplaceAll(a, "assumed-role", "role"), want) {
				t.Errorf("Stepdeck's are of %s, those of aws of %s, want %s", a, b, want)
			}
		})
	}
}

// in returns the same computer for a subtest.
func (e *exporter) in(t *testing.T) *exporter {
	return &exporter{trouble: e.trouble, t: t, home: e.home, environ: e.environ}
}

// signIntoCaches signs in as aws does, into its caches.
func (e *exporter) signIntoCaches() {
	e.t.Helper()
	attempt, err := identitycenter.Begin(e.t.Context(), identitycenter.Options{
		StartURL: e.aws.StartURL(), Region: "us-east-1", Endpoint: e.aws.Endpoint(), Client: &http.Client{Timeout: time.Minute}, Now: time.Now,
	}, identitycenter.Registration{})
	if err != nil {
		e.t.Fatal(err)
	}
	defer attempt.Close()
	decide(e.t, model.SignInStep{URL: attempt.URL}, "allow")
	tokens, err := attempt.Wait(e.t.Context())
	for _, key := range []string{"ours", e.aws.StartURL()} {
		if err == nil {
			err = identitycenter.WriteCache(identitycenter.CachePath(filepath.Join(e.home, ".aws/sso/cache"), key), tokens)
		}
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// A sign-in of aws login works too, where aws 2.9 doesn't know it yet: only who that is can be compared.
func TestAProfileWithALoginSession(t *testing.T) {
	e := newExporter(t)
	attempt, err := console.Begin(t.Context(), console.Options{
		Region: "us-east-1", Endpoint: e.aws.Endpoint(), Client: &http.Client{Timeout: time.Minute}, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer attempt.Close()
	decide(t, model.SignInStep{URL: attempt.URL}, "allow")
	tokens, err := attempt.Wait(t.Context())
	if err == nil {
		err = console.WriteCache(console.CachePath(filepath.Join(e.home, ".aws/login/cache"), tokens.Session), tokens)
	}
	if err != nil {
		t.Fatal(err)
	}
	e.write(".aws/config", "[profile login]\nlogin_session = "+tokens.Session+"\nregion = us-east-1\nendpoint_url = "+e.aws.Endpoint()+"\n")
	e.pass(14 * time.Minute) // the keys are renewed, at the profile's endpoint
	ours := e.ours("login", "")
	if arn := e.who(ours); arn != "arn:aws:iam::000000000000:user/ann" || ours.AccessKeyID == tokens.AccessKeyID {
		t.Errorf("the keys are of %s; renewed: %v", arn, ours.AccessKeyID != tokens.AccessKeyID)
	}
}
