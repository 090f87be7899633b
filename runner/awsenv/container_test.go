package awsenv_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// container is a credentials endpoint that gives a key to whoever has the token.
func container(t *testing.T, token string, status int, body string) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/v1/credentials":
			http.NotFound(w, r)
		case r.Header.Get("Authorization") != token:
			http.Error(w, `{"code":"AccessDenied","message":"no"}`, http.StatusUnauthorized)
		default:
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1/credentials"
}

func keysOf(key sandbox.Key, ends time.Time) string {
	return fmt.Sprintf(`{"AccessKeyId":"%s","SecretAccessKey":"%s","Token":"%s","Expiration":"%s"}`, key.AccessKeyID, key.SecretKey,
		key.SessionToken, ends.UTC().Format(time.RFC3339))
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func ambient(t *testing.T, environ ...string) awsenv.Request {
	t.Helper()
	return awsenv.Request{
		Account: model.Account{Name: model.InstanceRole, Kind: model.KindInstanceRole}, Region: "eu-west-1", RunID: 1, Step: "step",
		Network: network(t, environ...),
	}
}

const fullURI, containerToken = "AWS_CONTAINER_CREDENTIALS_FULL_URI=", "the-container's-token"

// The order is: container, web identity, instance; each is said.
func TestSurroundings(t *testing.T) {
	key := sandbox.NewKey()
	key.SessionToken = "token"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}, Metadata: &sandbox.Metadata{}, AllowAnyRole: true})
	at := container(t, containerToken, http.StatusOK, keysOf(key, time.Now().Add(time.Hour)))
	jwt, err := s.WebIdentityToken("pod", "sts.amazonaws.com", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	sts := "AWS_ENDPOINT_URL_STS=" + s.Endpoint()
	web := []string{"AWS_WEB_IDENTITY_TOKEN_FILE=" + write(t, jwt+"\n"), "AWS_ROLE_ARN=" + rolePath + "pod", "AWS_ROLE_SESSION_NAME=mine"}
	metadata := "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + s.MetadataEndpoint()
	inContainer := []string{fullURI + at, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=" + write(t, containerToken+"\n"),
		"AWS_CONTAINER_AUTHORIZATION_TOKEN=old"}
	for name, row := range map[string]struct {
		environ []string
		arn     string
		notice  string
		secret  string
	}{
		"all": {slices.Concat(web, inContainer, []string{metadata}), ":user/sandbox", "aws.instance.container", containerToken},
		"token itself": {[]string{fullURI + at, "AWS_CONTAINER_AUTHORIZATION_TOKEN=" + containerToken}, ":user/sandbox",
			"aws.instance.container", containerToken},
		"web identity": {slices.Concat(web, []string{metadata}), ":assumed-role/pod/mine", "aws.instance.token", jwt},
		"no name":      {slices.Concat(web[:2], []string{metadata}), ":assumed-role/pod/stepdeck-1-step", "aws.instance.token", jwt},
		"half a pair":  {[]string{web[0], metadata}, ":assumed-role/instance/" + sandbox.InstanceID, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := ambient(t, append(row.environ, sts)...)
			got, err := awsenv.Resolve(context.Background(), r)
			if err != nil || !strings.HasSuffix(got.Identity.ARN, row.arn) || got.Identity.Endpoint != s.Endpoint() {
				t.Fatalf("%+v, %v", got.Identity, err)
			}
			if row.notice == "" && len(got.Notices) != 0 || row.notice != "" && (len(got.Notices) != 1 || got.Notices[0].Code != row.notice) {
				t.Errorf("it says %v", got.Notices)
			}
			if row.secret != "" && !slices.Contains(got.Secrets, row.secret) {
				t.Error("the token would not be masked")
			}
			r.Roles = []awsenv.Role{{AssumeRole: model.AssumeRole{ARN: rolePath + "deployer", Duration: 7200}}}
			got, err = awsenv.Resolve(context.Background(), r)
			capped := slices.ContainsFunc(got.Notices, func(e *model.Error) bool { return e.Code == "role.chained.hour" })
			if err != nil || !capped {
				t.Errorf("as the first of two roles: %v, %v", got.Notices, err)
			}
		})
	}
}

func TestContainerFailures(t *testing.T) {
	key := sandbox.NewKey()
	key.SessionToken = "token"
	good := keysOf(key, time.Now().Add(time.Hour))
	for name, row := range map[string]struct {
		environ []string
		code    string
		says    string
	}{
		"far over http": {[]string{fullURI + "http://192.0.2.1/v1"}, "AWS-LOGIN-ERROR-0006", "192.0.2.1"},
		"a name":        {[]string{fullURI + "http://127.0.0.1.example.com/v1"}, "AWS-LOGIN-ERROR-0006", "plain http"},
		"not a URL":     {[]string{fullURI + "here"}, "AWS-LOGIN-ERROR-0006", "not a URL"},
		"nobody":        {[]string{fullURI + "http://127.0.0.1:1/v1/credentials?secret=x"}, "AWS-LOGIN-ERROR-0006", "doesn't answer"},
		"wrong token":   {[]string{fullURI + container(t, containerToken, 200, good)}, "AWS-LOGIN-ERROR-0006", "token"},
		"no token file": {[]string{fullURI + "http://127.0.0.1:1", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/nowhere/x"},
			"AWS-LOGIN-ERROR-0006", "/nowhere/x"},
		"several lines": {[]string{fullURI + "http://127.0.0.1:1", "AWS_CONTAINER_AUTHORIZATION_TOKEN=a\nb"},
			"AWS-LOGIN-ERROR-0006", "several lines"},
		"no keys":   {[]string{fullURI + container(t, "", 200, "{}")}, "AWS-LOGIN-ERROR-0006", "no keys"},
		"not JSON":  {[]string{fullURI + container(t, "", 200, "<html>hidden/secret")}, "AWS-LOGIN-ERROR-0006", "gives no keys"},
		"no role":   {[]string{fullURI + container(t, "", 400, `{"code":"NoRole","message":"x"}`)}, "AWS-LOGIN-ERROR-0006", "has a role"},
		"throttled": {[]string{fullURI + container(t, "", 429, "slow")}, "AWS-LOGIN-ERROR-0006", "minute"},
		"expired":   {[]string{fullURI + container(t, "", 200, keysOf(key, time.Unix(0, 0)))}, "aws.instance.expired", "1970"},
		"web: no file": {[]string{"AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere/x", "AWS_ROLE_ARN=" + rolePath + "pod"},
			"AWS-LOGIN-ERROR-0006", "/nowhere/x"},
		"web: empty file": {[]string{"AWS_WEB_IDENTITY_TOKEN_FILE=" + write(t, ""), "AWS_ROLE_ARN=" + rolePath + "pod"},
			"AWS-LOGIN-ERROR-0006", "no web identity token"},
		"web: no role": {[]string{"AWS_WEB_IDENTITY_TOKEN_FILE=" + write(t, "token"), "AWS_ROLE_ARN=pod"}, "role.arn.form", "pod"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := awsenv.Resolve(context.Background(), ambient(t, row.environ...))
			if model.ErrorCode(err) != row.code || !strings.Contains(err.Error(), row.says) {
				t.Fatalf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
			if strings.Contains(err.Error(), "hidden/secret") || strings.Contains(err.Error(), key.SecretKey) {
				t.Errorf("it contains a secret: %v", err)
			}
		})
	}
}

func TestWebIdentityRefused(t *testing.T) {
	s := startSandbox(t, sandbox.Options{})
	token := func(audience string, ends time.Duration) string {
		text, err := s.WebIdentityToken("pod", audience, time.Now().Add(ends))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, row := range map[string]struct{ token, role, code string }{
		"expired":      {token("sts.amazonaws.com", -time.Hour), "reader", "aws.token.expired"},
		"audience":     {token("somebody", time.Hour), "reader", "AWS-LOGIN-ERROR-0005.1"},
		"not a token":  {"no token at all", "reader", "AWS-LOGIN-ERROR-0005.1"},
		"no such role": {token("sts.amazonaws.com", time.Hour), "nobody", "AWS-LOGIN-ERROR-0004"},
	} {
		t.Run(name, func(t *testing.T) {
			r := ambient(t, "AWS_ENDPOINT_URL_STS="+s.Endpoint(), "AWS_WEB_IDENTITY_TOKEN_FILE="+write(t, row.token),
				"AWS_ROLE_ARN="+rolePath+row.role)
			_, err := awsenv.Resolve(context.Background(), r)
			if model.ErrorCode(err) != row.code || strings.Contains(err.Error(), row.token) {
				t.Errorf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
		})
	}
}

// The real metadata service of a container on ECS is not at hand, but where it is asked is known.
func TestTaskEndpoint(t *testing.T) {
	n := network(t, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/id", fullURI+"http://127.0.0.1/other",
		"AWS_ENDPOINT_URL_STS=http://127.0.0.1:1", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1")
	if sts, metadata := n.Overrides(); n.Container() != "http://169.254.170.2/v2/credentials/id" || sts != "" || metadata != "" {
		t.Errorf("%s, %s, %s", n.Container(), sts, metadata)
	}
}

func TestMetadataVersion1(t *testing.T) {
	key := sandbox.NewKey()
	key.SessionToken = "token"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	service := metadataService{tokenStatus: 404, roles: "web", keys: keysOf(key, time.Now().Add(time.Hour))}
	r := instanceRequest(t, s.Endpoint(), service.start(t))
	if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != "aws.metadata.v1" {
		t.Errorf("without choosing it: %v", err)
	}
	r.MetadataV1 = true
	got, err := awsenv.Resolve(context.Background(), r)
	if err != nil || len(got.Notices) != 1 || got.Notices[0].Code != "aws.metadata.v1.used" {
		t.Errorf("%v, %v", got.Notices, err)
	}
	service.tokenStatus = 0
	r = instanceRequest(t, s.Endpoint(), service.start(t))
	r.MetadataV1 = true
	if got, err = awsenv.Resolve(context.Background(), r); err != nil || len(got.Notices) != 0 {
		t.Errorf("version 2 is there: %v, %v", got.Notices, err)
	}
}
