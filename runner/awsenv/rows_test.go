package awsenv_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// Calamari, which runs the steps of Octopus, has tests of how it makes the environment of a script. Each row of them is shown here too:
//
//	parameters of the request for a role                TestTheRequestForARole
//	credentials of a container, with the token's file   TestSurroundings, "all"
//	us-east-1 where no region is named                  TestRegionalEndpoints, "none"
//	web identity of a pod                               TestSurroundings, "web identity"
//	no region leaves no empty variable                  TestNoRegionLeavesNoEmptyVariable
//
// So is what they leave open: the metadata service (TestInstanceRole, TestInstanceRoleFailures, TestNoMetadataService), each error
// code (TestEveryFailureIsExplained of package app), an account or none (TestAccessKey, TestNoAccount), blanks around keys
// (TestAccessKey), a session token that was left over (TestEnviron), a role after each source (TestARoleAfterEachSource), and an
// external ID or none (TestTheRequestForARole).

// roleRequest is the form of a request for a role as it arrives at AWS.
func roleRequest(t *testing.T, role model.AssumeRole) url.Values {
	t.Helper()
	var asked url.Values
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Error(err)
		}
		if form.Get("Action") == "AssumeRole" {
			asked = form
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	defer front.Close()
	_, err := awsenv.Resolve(t.Context(), awsenv.Request{
		Account: model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}, SecretKey: "x",
		Roles: awsenv.RolesOf(&role), Region: "eu-west-1", Endpoint: front.URL, Network: network(t), RunID: 7, Step: "Step",
	})
	if err == nil || asked == nil {
		t.Fatalf("asked %v, %v", asked, err)
	}
	return asked
}

func TestTheRequestForARole(t *testing.T) {
	const none = "(not sent)"
	for name, row := range map[string]struct {
		role                      model.AssumeRole
		session, duration, extern string
	}{
		"all":            {model.AssumeRole{SessionName: "me", Duration: 900, ExternalID: "theirs"}, "me", "900", "theirs"},
		"no duration":    {model.AssumeRole{SessionName: "me"}, "me", none, none},
		"blank external": {model.AssumeRole{SessionName: "me", ExternalID: " \n"}, "me", none, none},
		"no name":        {model.AssumeRole{}, "stepdeck-7-Step", none, none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row.role.ARN = rolePath + "reader"
			asked := roleRequest(t, row.role)
			for field, want := range map[string]string{
				"RoleArn": row.role.ARN, "RoleSessionName": row.session, "DurationSeconds": row.duration, "ExternalId": row.extern,
			} {
				got := none
				if asked.Has(field) {
					got = asked.Get(field)
				}
				if got != want {
					t.Errorf("%s is %q, want %q", field, got, want)
				}
			}
		})
	}
}

// Whatever the first keys come from, a role can follow.
func TestARoleAfterEachSource(t *testing.T) {
	key, temporary := sandbox.NewKey(), sandbox.NewKey()
	temporary.SessionToken = "token"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key, temporary}, Metadata: &sandbox.Metadata{}, AllowAnyRole: true})
	jwt, err := s.WebIdentityToken("pod", "sts.amazonaws.com", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	sts := "AWS_ENDPOINT_URL_STS=" + s.Endpoint()
	answer := write(t, fmt.Sprintf(`{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}`, key.AccessKeyID, key.SecretKey))
	ours := func(a model.Account) awsenv.Request {
		a.Name = "Ours"
		return awsenv.Request{
			Account: a, Region: "eu-west-1", Endpoint: s.Endpoint(), Network: network(t), Environ: []string{"PATH=" + os.Getenv("PATH")},
			Profiles: profile.Files{Config: write(t, configuration(key, "")), Credentials: write(t, "")},
			SignedIn: func(context.Context, model.Account) (awsenv.Kept, error) {
				return awsenv.Kept{AccessKeyID: temporary.AccessKeyID, SecretKey: temporary.SecretKey, SessionToken: temporary.SessionToken,
					Expires: time.Now().Add(time.Hour)}, nil
			},
		}
	}
	for name, r := range map[string]awsenv.Request{
		"access key":    request(s, key),
		"session token": request(s, temporary),
		"container":     ambient(t, sts, fullURI+container(t, "", http.StatusOK, keysOf(temporary, time.Now().Add(time.Hour)))),
		"web identity":  ambient(t, sts, "AWS_WEB_IDENTITY_TOKEN_FILE="+write(t, jwt), "AWS_ROLE_ARN="+rolePath+"pod"),
		"instance":      instanceRequest(t, s.Endpoint(), s.MetadataEndpoint()),
		"process":       ours(model.Account{Kind: model.KindProcess, Process: "cat '" + answer + "'"}),
		"profile":       ours(model.Account{Kind: model.KindProfile, Profile: "base"}),
		"sign-in":       ours(model.Account{Kind: model.KindIdentityCenter}),
		"console":       ours(model.Account{Kind: model.KindConsole}),
	} {
		t.Run(name, func(t *testing.T) {
			r.Roles = awsenv.RolesOf(&model.AssumeRole{ARN: rolePath + "deployer", SessionName: "me"})
			got, err := awsenv.Resolve(t.Context(), r)
			if err != nil || !strings.HasSuffix(got.Identity.ARN, ":assumed-role/deployer/me") || got.Identity.Expires.IsZero() {
				t.Errorf("%+v, %v", got.Identity, err)
			}
		})
	}
}
