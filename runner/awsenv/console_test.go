package awsenv_test

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func TestTheConsoleOpensAs(t *testing.T) {
	role := func(names ...string) []awsenv.Role {
		var roles []awsenv.Role
		for _, n := range names {
			roles = append(roles, awsenv.Role{AssumeRole: model.AssumeRole{ARN: rolePath + n}})
		}
		return roles
	}
	for name, tt := range map[string]struct {
		mfa   bool
		roles []awsenv.Role
		arn   string // that signs in
		lasts time.Duration
		code  string // of the error
	}{
		"a long-lived key":   {arn: "arn:aws:sts::000000000000:federated-user/stepdeck", lasts: 12 * time.Hour},
		"a role":             {roles: role("deployer"), arn: "assumed-role/deployer/", lasts: 12 * time.Hour},
		"a role of a role":   {roles: role("reader", "deployer"), arn: "assumed-role/deployer/", lasts: time.Hour},
		"a code":             {mfa: true, code: "console.mfa"},
		"a role with a code": {mfa: true, roles: role("deployer"), arn: "assumed-role/deployer/", lasts: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			s, key, phone := mfaSandbox(t)
			r := request(s, key)
			r.Console, r.Roles = true, tt.roles
			if tt.mfa {
				r.Account.MFADevice, r.MFA = phone.Serial, (&person{device: phone}).answer
			}
			session, err := awsenv.Resolve(t.Context(), r)
			if model.ErrorCode(err) != tt.code {
				t.Fatalf("%v, want %q", err, tt.code)
			}
			if err != nil {
				return
			}
			opened := openConsole(t, s, session)
			if !strings.Contains(opened.ARN, tt.arn) || opened.Duration.Round(time.Minute) != tt.lasts ||
				!strings.HasSuffix(opened.Page, "/_console/s3/home?region=eu-west-1") {
				t.Errorf("%+v, want %s for %v", opened, tt.arn, tt.lasts)
			}
		})
	}
}

// openConsole opens the page of a session in a browser, and returns what signed in.
func openConsole(t *testing.T, s *sandbox.Server, session awsenv.Session) sandbox.ConsoleSession {
	t.Helper()
	network, err := awsenv.NewNetwork(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer network.Close()
	page, err := awsenv.ConsoleURL(t.Context(), network, session, "s3", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Jar: jar}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _ = answer.Body.Close(); answer.StatusCode != http.StatusOK || len(s.ConsoleSessions()) != 1 {
		t.Fatalf("the console answers %s, and has %+v", answer.Status, s.ConsoleSessions())
	}
	return s.ConsoleSessions()[0]
}
