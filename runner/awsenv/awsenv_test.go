package awsenv_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const rolePath = "arn:aws:iam::000000000000:role/"

func startSandbox(t testing.TB, o sandbox.Options) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// request returns a request for key in the sandbox.
func request(s *sandbox.Server, key sandbox.Key) awsenv.Request {
	return awsenv.Request{
		Account:   model.Account{ID: "0a", Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: key.AccessKeyID},
		SecretKey: key.SecretKey, SessionToken: key.SessionToken, Region: "eu-west-1", Endpoint: s.Endpoint(), RunID: 214,
		Step: "Roll the web tier",
	}
}

func value(s awsenv.Session, name string) string {
	for _, v := range s.Environment {
		if v.Name == name {
			return v.Value
		}
	}
	return "(not set)"
}

func names(s awsenv.Session) string {
	var all []string
	for _, v := range s.Environment {
		all = append(all, v.Name)
	}
	return strings.Join(all, " ")
}

func TestAccessKey(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	r := request(s, key)
	// Spaces come with copy and paste.
	r.Account.AccessKeyID, r.SecretKey, r.Region, r.SessionToken = " "+key.AccessKeyID+"\n", "\t"+key.SecretKey+" \r\n", " EU-West-1 ", " \n"
	got, err := awsenv.Resolve(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if want := "AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_REGION AWS_SECRET_ACCESS_KEY"; names(got) != want {
		t.Errorf("set are %s", names(got))
	}
	for name, want := range map[string]string{
		"AWS_ACCESS_KEY_ID": key.AccessKeyID, "AWS_SECRET_ACCESS_KEY": key.SecretKey, "AWS_REGION": "eu-west-1",
		"AWS_DEFAULT_REGION": "eu-west-1",
		"AWS_ENDPOINT_URL":   s.Endpoint(),
	} {
		if value(got, name) != want {
			t.Errorf("%s is %q", name, value(got, name))
		}
	}
	want := model.Identity{
		AWSID: sandbox.AccountID, ARN: "arn:aws:iam::000000000000:user/sandbox", UserID: got.Identity.UserID, Account: "Ours", AccountID: "0a",
		Kind: model.KindAccessKey, AccessKeyID: key.AccessKeyID, Endpoint: s.Endpoint(),
	}
	if got.Identity != want || want.UserID == "" {
		t.Errorf("the identity is %+v", got.Identity)
	}
	if !slices.Equal(got.Secrets, []string{key.SecretKey}) || len(got.Notices) != 0 || got.Region != "eu-west-1" {
		t.Errorf("%d secrets, notices %v, region %s", len(got.Secrets), got.Notices, got.Region)
	}
}

func TestSessionToken(t *testing.T) {
	key := sandbox.NewKey()
	key.SessionToken = "token/+="
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	got, err := awsenv.Resolve(context.Background(), request(s, key))
	if err != nil || value(got, "AWS_SESSION_TOKEN") != key.SessionToken || !slices.Contains(got.Secrets, key.SessionToken) {
		t.Errorf("%v, %v", names(got), err)
	}
	if value(got, "AWS_CREDENTIAL_EXPIRATION") != "(not set)" || !got.Identity.Expires.IsZero() {
		t.Error("the expiry of the token is not known")
	}
}

func TestNoAccount(t *testing.T) {
	for region, want := range map[string]string{"eu-west-1": "AWS_DEFAULT_REGION AWS_REGION", "": ""} {
		got, err := awsenv.Resolve(context.Background(), awsenv.Request{NoAccount: true, Region: region})
		if err != nil || names(got) != want || got.Identity != (model.Identity{Account: model.NoAccount}) || len(got.Secrets) != 0 {
			t.Errorf("%q: %s, %+v, %v", region, names(got), got.Identity, err)
		}
	}
}

func TestNoRegionLeavesNoEmptyVariable(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	r := request(s, key)
	r.Region, r.Account.Region = "", "eu-central-1" // the account's is for asking alone
	got, err := awsenv.Resolve(context.Background(), r)
	if err != nil || value(got, "AWS_REGION") != "(not set)" || value(got, "AWS_DEFAULT_REGION") != "(not set)" {
		t.Errorf("%s, %v", names(got), err)
	}
}

func TestAssumeRole(t *testing.T) {
	key, temporary := sandbox.NewKey(), sandbox.NewKey()
	temporary.SessionToken = "a-token"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key, temporary}})
	for name, row := range map[string]struct {
		key     sandbox.Key
		role    model.AssumeRole
		lasting time.Duration
		session string
		code    string
	}{
		"default": {key: key, role: model.AssumeRole{ARN: rolePath + "reader"}, lasting: time.Hour,
			session: "stepdeck-214-Roll-the-web-tier"},
		"name and duration": {key: key, role: model.AssumeRole{ARN: " " + rolePath + "deployer\n", SessionName: " me@x ", Duration: 43200},
			lasting: 12 * time.Hour, session: "me@x"},
		"15 minutes": {key: key, role: model.AssumeRole{ARN: rolePath + "reader", Duration: 900}, lasting: 15 * time.Minute,
			session: "stepdeck-214-Roll-the-web-tier"},
		"external id": {key: key, role: model.AssumeRole{ARN: rolePath + "partner", ExternalID: " stepdeck "}, lasting: time.Hour,
			session: "stepdeck-214-Roll-the-web-tier"},
		"a user's token": {key: temporary, role: model.AssumeRole{ARN: rolePath + "deployer", Duration: 43200}, lasting: 12 * time.Hour,
			session: "stepdeck-214-Roll-the-web-tier"},
		"wrong external id":    {key: key, role: model.AssumeRole{ARN: rolePath + "partner", ExternalID: "other"}, code: "AWS-LOGIN-ERROR-0004"},
		"no external id":       {key: key, role: model.AssumeRole{ARN: rolePath + "partner"}, code: "AWS-LOGIN-ERROR-0004"},
		"no such role":         {key: key, role: model.AssumeRole{ARN: rolePath + "none"}, code: "AWS-LOGIN-ERROR-0004"},
		"longer than the role": {key: key, role: model.AssumeRole{ARN: rolePath + "reader", Duration: 7200}, code: "role.duration.refused"},
		"no arn":               {key: key, role: model.AssumeRole{}, code: "role.arn.empty"},
		"session name": {key: key, role: model.AssumeRole{ARN: rolePath + "reader", SessionName: "My session name"},
			code: "role.sessionname.form"},
		"duration":          {key: key, role: model.AssumeRole{ARN: rolePath + "reader", Duration: 60}, code: "role.duration.range"},
		"expression":        {key: key, role: model.AssumeRole{ARN: "#{Role}"}, code: "aws.unresolved"},
		"another partition": {key: key, role: model.AssumeRole{ARN: "arn:aws-cn:iam::000000000000:role/x"}, code: "role.partition"},
		"policy":            {key: key, role: model.AssumeRole{ARN: rolePath + "reader", Policy: "allow"}, code: "role.policy.form"},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(s, row.key)
			r.Roles = awsenv.RolesOf(&row.role)
			got, err := awsenv.Resolve(context.Background(), r)
			if model.ErrorCode(err) != row.code {
				t.Fatalf("%v, want %q", err, row.code)
			}
			if err != nil {
				if strings.HasPrefix(row.code, "AWS-LOGIN") &&
					(!strings.Contains(err.Error(), row.role.ARN) || !strings.Contains(err.Error(), `"Ours"`)) {
					t.Errorf("it names neither role nor account: %v", err)
				}
				return
			}
			id := got.Identity
			if !strings.HasSuffix(id.ARN, "/"+row.session) || id.Role != strings.TrimSpace(row.role.ARN) || id.AccessKeyID != row.key.AccessKeyID {
				t.Errorf("the identity is %+v", id)
			}
			if left := time.Until(id.Expires); left > row.lasting || left < row.lasting-time.Minute {
				t.Errorf("it lasts %v", left)
			}
			if value(got, "AWS_CREDENTIAL_EXPIRATION") != id.Expires.UTC().Format(time.RFC3339) {
				t.Errorf("the script gets %s", value(got, "AWS_CREDENTIAL_EXPIRATION"))
			}
			for _, secret := range []string{row.key.SecretKey, value(got, "AWS_SECRET_ACCESS_KEY"), value(got, "AWS_SESSION_TOKEN")} {
				if !slices.Contains(got.Secrets, secret) {
					t.Error("a secret would not be masked")
				}
			}
			if value(got, "AWS_SECRET_ACCESS_KEY") == row.key.SecretKey || len(got.Notices) != 0 {
				t.Errorf("the script gets the account's own key; notices %v", got.Notices)
			}
		})
	}
}

func TestChainedRoleLastsAnHour(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}, Metadata: &sandbox.Metadata{}})
	first := request(s, key)
	first.Roles = awsenv.RolesOf(&model.AssumeRole{ARN: rolePath + "deployer"})
	session, err := awsenv.Resolve(context.Background(), first)
	if err != nil {
		t.Fatal(err)
	}
	pasted := request(s, sandbox.Key{
		AccessKeyID: value(session, "AWS_ACCESS_KEY_ID"), SecretKey: value(session, "AWS_SECRET_ACCESS_KEY"),
		SessionToken: value(session, "AWS_SESSION_TOKEN"),
	})
	for name, r := range map[string]awsenv.Request{"pasted role session": pasted,
		"instance role": instanceRequest(t, s.Endpoint(), s.MetadataEndpoint())} {
		t.Run(name, func(t *testing.T) {
			r.Roles = awsenv.RolesOf(&model.AssumeRole{ARN: rolePath + "deployer", Duration: 7200})
			got, err := awsenv.Resolve(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			if left := time.Until(got.Identity.Expires); left > time.Hour || left < 59*time.Minute {
				t.Errorf("it lasts %v", left)
			}
			if len(got.Notices) != 1 || got.Notices[0].Code != "role.chained.hour" ||
				!strings.Contains(got.Notices[0].Error(), "instead of 2 hours") {
				t.Errorf("it says %v", got.Notices)
			}
			r.Roles[0].Duration = 3600
			if got, err := awsenv.Resolve(context.Background(), r); err != nil || len(got.Notices) != 0 {
				t.Errorf("an hour: %v, %v", got.Notices, err)
			}
		})
	}
}

func TestVerified(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	before := time.Now()
	session, err := awsenv.Resolve(context.Background(), request(s, key))
	got := session.Verified(time.Now())
	if err != nil || got.AWSID != sandbox.AccountID || got.Verification.ARN != got.Identity.ARN || got.UserID == "" || got.At.Before(before) ||
		got.RoundTrip <= 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRejectedWithoutAskingAWS(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	good := awsenv.Request{
		Account:   model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"},
		SecretKey: "s", Region: "eu-west-1", Endpoint: server.URL,
	}
	if _, err := awsenv.Resolve(context.Background(), good); err == nil || !asked {
		t.Fatalf("what is not refused is not asked either: %v", err)
	}
	asked = false
	for name, row := range map[string]struct {
		change func(*awsenv.Request)
		code   string
	}{
		"region":            {func(r *awsenv.Request) { r.Region = "Ireland" }, "region.form"},
		"region expression": {func(r *awsenv.Request) { r.Region = "#{AWS.Region}" }, "aws.unresolved"},
		"account's region":  {func(r *awsenv.Request) { r.Region, r.Account.Region = "", "x" }, "region.form"},
		"no key":            {func(r *awsenv.Request) { r.Account.AccessKeyID = " " }, "account.accesskey.empty"},
		"no secret":         {func(r *awsenv.Request) { r.SecretKey = "\n" }, "account.secret.missing"},
		"kind":              {func(r *awsenv.Request) { r.Account.Kind = "oidc" }, "account.kind.unknown"},
		"plain http":        {func(r *awsenv.Request) { r.Endpoint = "http://192.0.2.1" }, "endpoint.plain"},
		"sandbox not there": {func(r *awsenv.Request) { r.Endpoint = "sandbox" }, "aws.sandbox.stopped"},
	} {
		r := good
		row.change(&r)
		if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != row.code {
			t.Errorf("%s: %v, want %s", name, err, row.code)
		}
		if asked {
			t.Fatalf("%s: AWS was asked", name)
		}
	}
}

func TestStopping(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := startSandbox(t, sandbox.Options{})
	_, err := awsenv.Resolve(ctx, request(s, sandbox.NewKey()))
	if model.ErrorCode(err) != "aws.stopped" || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestSessionName(t *testing.T) {
	now := time.Date(2026, 11, 4, 10, 15, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		run        int64
		step, want string
	}{
		"plain":      {214, "Roll the web tier", "stepdeck-214-Roll-the-web-tier"},
		"odd":        {1, "  Übung: \"5%\" / déjà-vu… ", "stepdeck-1-bung-5-d-j-vu"},
		"nothing":    {7, "日本語", "stepdeck-7"},
		"no run":     {0, "", "stepdeck-20261104T101500Z"},
		"long":       {9223372036854775807, strings.Repeat("abc ", 300), "stepdeck-9223372036854775807-abc-abc-abc-abc-abc-abc-abc-abc-abc"},
		"cut at gap": {1, strings.Repeat("a", 52) + " b", "stepdeck-1-" + strings.Repeat("a", 52)},
	} {
		got := awsenv.SessionName(row.run, row.step, now)
		if got != row.want || model.CheckSessionName(got) != nil {
			t.Errorf("%s: %q, want %q (%d)", name, got, row.want, len(got))
		}
	}
}

func FuzzSessionName(f *testing.F) {
	f.Add(int64(1), "Roll the web tier")
	f.Add(int64(-1), "-\xff-")
	f.Fuzz(func(t *testing.T, run int64, step string) {
		if name := awsenv.SessionName(run, step, time.Now()); model.CheckSessionName(name) != nil {
			t.Errorf("%q", name)
		}
	})
}

// Everything around points elsewhere, and must not be read.
func TestReadsNothingOfItsOwnEnvironment(t *testing.T) {
	for name, wrong := range map[string]string{
		"AWS_PROFILE": "other", "AWS_ACCESS_KEY_ID": "AKIAWRONG", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "x", "AWS_REGION": "mars-1",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1", "AWS_CONFIG_FILE": "/nonexistent",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED": "true", "HTTP_PROXY": "http://127.0.0.1:1",
		"AWS_USE_FIPS_ENDPOINT": "true", "AWS_ROLE_ARN": rolePath + "none", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent",
	} {
		t.Setenv(name, wrong)
	}
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}, Metadata: &sandbox.Metadata{}})
	for name, r := range map[string]awsenv.Request{"access key": request(s, key),
		"instance role": instanceRequest(t, s.Endpoint(), s.MetadataEndpoint())} {
		if got, err := awsenv.Resolve(context.Background(), r); err != nil || got.Identity.AWSID != sandbox.AccountID {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ExampleSessionName() {
	fmt.Println(awsenv.SessionName(214, "Roll the web tier", time.Time{}))
	// Output: stepdeck-214-Roll-the-web-tier
}
