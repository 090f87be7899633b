package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// clock is a clock that a test sets. It goes on from the present, unless it is stopped.
type clock struct {
	stopped time.Time
	mu      sync.Mutex
	offset  time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped.IsZero() {
		return c.stopped.Add(c.offset)
	}
	return time.Now().Add(c.offset)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

func start(t testing.TB, o sandbox.Options) *sandbox.Server {
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

func config(s *sandbox.Server, k sandbox.Key) aws.Config {
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String(s.Endpoint()), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(k.AccessKeyID, k.SecretKey, k.SessionToken),
	}
}

func stsOf(s *sandbox.Server, k sandbox.Key) *sts.Client { return sts.NewFromConfig(config(s, k)) }

// code returns AWS's code of the error, "" for nil and the text of any other error.
func code(err error) string {
	var refused smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.ErrorCode()
	}
	return err.Error()
}

func TestGetCallerIdentity(t *testing.T) {
	good := sandbox.NewKey()
	other := sandbox.Key{AccessKeyID: "AKIAOTHER00000000000", SecretKey: "s", AWSID: "123456789012", User: "path/ann"}
	withToken := sandbox.Key{AccessKeyID: "ASIATOKEN00000000000", SecretKey: "s", SessionToken: "token/+="}
	s := start(t, sandbox.Options{Keys: []sandbox.Key{good, other, withToken}})
	for name, row := range map[string]struct {
		key       sandbox.Key
		arn, code string
	}{
		"good":          {key: good, arn: "arn:aws:iam::000000000000:user/sandbox"},
		"other account": {key: other, arn: "arn:aws:iam::123456789012:user/path/ann"},
		"token":         {key: withToken, arn: "arn:aws:iam::000000000000:user/sandbox"},
		"wrong secret":  {key: sandbox.Key{AccessKeyID: good.AccessKeyID, SecretKey: "x"}, code: "SignatureDoesNotMatch"},
		"unknown key":   {key: sandbox.NewKey(), code: "InvalidClientTokenId"},
		"no token":      {key: sandbox.Key{AccessKeyID: withToken.AccessKeyID, SecretKey: "s"}, code: "InvalidClientTokenId"},
		"wrong token":   {key: sandbox.Key{AccessKeyID: withToken.AccessKeyID, SecretKey: "s", SessionToken: "x"}, code: "InvalidClientTokenId"},
		"needless token": {key: sandbox.Key{AccessKeyID: good.AccessKeyID, SecretKey: good.SecretKey, SessionToken: "x"},
			code: "InvalidClientTokenId"},
	} {
		t.Run(name, func(t *testing.T) {
			who, err := stsOf(s, row.key).GetCallerIdentity(context.Background(), nil)
			if code(err) != row.code {
				t.Fatalf("%q, want %q", code(err), row.code)
			}
			if err == nil && (*who.Arn != row.arn || !strings.Contains(row.arn, *who.Account) || !strings.HasPrefix(*who.UserId, "AIDA")) {
				t.Errorf("it is %s, %s, %s", *who.Arn, *who.Account, *who.UserId)
			}
		})
	}
}

func TestAssumeRole(t *testing.T) {
	const path = "arn:aws:iam::000000000000:role/"
	key, stranger := sandbox.NewKey(), sandbox.NewKey()
	stranger.AWSID = "123456789012"
	roles := append(sandbox.DefaultRoles(),
		sandbox.Role{ARN: path + "team/own", Trusts: []string{sandbox.AccountID}},
		sandbox.Role{ARN: path + "chained", MaxSession: 43200, Trusts: []string{path + "deployer"}})
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key, stranger}, Roles: roles})
	for name, row := range map[string]struct {
		key               sandbox.Key
		role, external    string
		session           string
		duration, lasting int32
		code, says        string
	}{
		"default":              {role: "reader", lasting: 3600},
		"15 minutes":           {role: "reader", duration: 900, lasting: 900},
		"12 hours":             {role: "deployer", duration: 43200, lasting: 43200},
		"path":                 {role: "team/own", lasting: 3600},
		"external id":          {role: "partner", external: "stepdeck", lasting: 3600},
		"needless external id": {role: "reader", external: "stepdeck", lasting: 3600},
		"wrong external id":    {role: "partner", external: "other", code: "AccessDenied"},
		"no external id":       {role: "partner", code: "AccessDenied"},
		"not trusted":          {key: stranger, role: "team/own", code: "AccessDenied"},
		"trusts another role":  {role: "chained", code: "AccessDenied"},
		"no such role":         {role: "none", code: "AccessDenied"},
		"too short":            {role: "reader", duration: 899, code: "ValidationError"},
		"too long":             {role: "deployer", duration: 43201, code: "ValidationError"},
		"longer than the role": {role: "reader", duration: 3601, code: "ValidationError", says: "MaxSessionDuration"},
		"session name":         {role: "reader", session: "My session name", code: "ValidationError", says: "roleSessionName"},
		"no role":              {role: "a b", code: "ValidationError"},
	} {
		t.Run(name, func(t *testing.T) {
			if row.key.AccessKeyID == "" {
				row.key = key
			}
			if row.session == "" {
				row.session = "some.one@example=1"
			}
			in := &sts.AssumeRoleInput{RoleArn: aws.String(path + row.role), RoleSessionName: aws.String(row.session)}
			if row.external != "" {
				in.ExternalId = aws.String(row.external)
			}
			if row.duration != 0 {
				in.DurationSeconds = aws.Int32(row.duration)
			}
			out, err := stsOf(s, row.key).AssumeRole(context.Background(), in)
			if code(err) != row.code || err != nil && !strings.Contains(err.Error(), row.says) {
				t.Fatalf("%v, want %q", err, row.code)
			}
			if err != nil {
				return
			}
			if left := time.Until(*out.Credentials.Expiration); left > time.Duration(row.lasting)*time.Second ||
				left < time.Duration(row.lasting-60)*time.Second {
				t.Errorf("it lasts %v", left)
			}
			who, err := stsOf(s, keyOf(out)).GetCallerIdentity(context.Background(), nil)
			want := "arn:aws:sts::000000000000:assumed-role/" + row.role[strings.LastIndexByte(row.role, '/')+1:] + "/some.one@example=1"
			if err != nil || *who.Arn != want || *who.Arn != *out.AssumedRoleUser.Arn || *who.UserId != *out.AssumedRoleUser.AssumedRoleId {
				t.Errorf("the session's identity is %+v, %v", who, err)
			}
		})
	}
	t.Run("chained", func(t *testing.T) {
		out, err := stsOf(s, key).AssumeRole(context.Background(),
			&sts.AssumeRoleInput{RoleArn: aws.String(path + "deployer"), RoleSessionName: aws.String("one")})
		if err != nil {
			t.Fatal(err)
		}
		in := &sts.AssumeRoleInput{RoleArn: aws.String(path + "chained"), RoleSessionName: aws.String("two"), DurationSeconds: aws.Int32(3601)}
		if _, err := stsOf(s, keyOf(out)).AssumeRole(context.Background(), in); code(err) != "ValidationError" ||
			!strings.Contains(err.Error(), "role chaining") {
			t.Errorf("more than an hour: %v", err)
		}
		in.DurationSeconds = aws.Int32(3600)
		if _, err := stsOf(s, keyOf(out)).AssumeRole(context.Background(), in); err != nil {
			t.Errorf("an hour: %v", err)
		}
	})
	t.Run("an unknown parameter is refused, not ignored", func(t *testing.T) {
		in := &sts.AssumeRoleInput{RoleArn: aws.String(path + "reader"), RoleSessionName: aws.String("one"),
			ProvidedContexts: []types.ProvidedContext{
				{ContextAssertion: aws.String("some assertion")},
			}}
		if _, err := stsOf(s, key).AssumeRole(context.Background(), in); code(err) != "ValidationError" {
			t.Error(err)
		}
	})
}

func keyOf(out *sts.AssumeRoleOutput) sandbox.Key {
	c := out.Credentials
	return sandbox.Key{AccessKeyID: *c.AccessKeyId, SecretKey: *c.SecretAccessKey, SessionToken: *c.SessionToken}
}

func TestAnyRole(t *testing.T) {
	key := sandbox.NewKey()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}, AllowAnyRole: true})
	out, err := stsOf(s, key).AssumeRole(context.Background(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws-us-gov:iam::210987654321:role/x"), RoleSessionName: aws.String("me"),
	})
	if err != nil || *out.AssumedRoleUser.Arn != "arn:aws-us-gov:sts::210987654321:assumed-role/x/me" {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestTemporaryKeysExpire(t *testing.T) {
	key, c := sandbox.NewKey(), &clock{}
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}, Now: c.now})
	out, err := stsOf(s, key).AssumeRole(context.Background(), &sts.AssumeRoleInput{
		RoleArn: aws.String(sandbox.DefaultRoles()[1].ARN), RoleSessionName: aws.String("me"), DurationSeconds: aws.Int32(900),
	})
	if err != nil {
		t.Fatal(err)
	}
	// The SDK learns the clock skew from the errors, so that in the end only the session has expired.
	c.forward(14 * time.Minute)
	client := sts.NewFromConfig(config(s, keyOf(out)), func(o *sts.Options) { o.RetryMaxAttempts = 3 })
	if _, err := client.GetCallerIdentity(context.Background(), nil); err != nil {
		t.Fatalf("before its end: %v", err)
	}
	c.forward(2 * time.Minute)
	if _, err := client.GetCallerIdentity(context.Background(), nil); code(err) != "ExpiredToken" {
		t.Errorf("after its end: %v", err)
	}
}

func TestClockSkew(t *testing.T) {
	for name, row := range map[string]struct {
		offset time.Duration
		code   string
		says   string
	}{
		"4 minutes behind": {offset: 4 * time.Minute},
		"4 minutes ahead":  {offset: -4 * time.Minute},
		"an hour behind":   {offset: time.Hour, code: "SignatureDoesNotMatch", says: "Signature expired"},
		"an hour ahead":    {offset: -time.Hour, code: "SignatureDoesNotMatch", says: "not yet current"},
	} {
		t.Run(name, func(t *testing.T) {
			key, c := sandbox.NewKey(), &clock{offset: row.offset}
			s := start(t, sandbox.Options{Keys: []sandbox.Key{key}, Now: c.now})
			_, err := stsOf(s, key).GetCallerIdentity(context.Background(), nil)
			if code(err) != row.code || err != nil && !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v, want %q", err, row.code)
			}
		})
	}
}

func TestListensOnlyOnLoopback(t *testing.T) {
	for _, host := range []string{"0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1:80"} {
		s, err := sandbox.Start(context.Background(), sandbox.Options{Host: host})
		if model.ErrorCode(err) != "sandbox.loopback" {
			t.Errorf("%s: %v", host, err)
		}
		if err == nil {
			_ = s.Close()
		}
	}
	s := start(t, sandbox.Options{})
	u, err := url.Parse(s.Endpoint())
	if err != nil || u.Hostname() != "127.0.0.1" {
		t.Errorf("it listens on %s", s.Endpoint())
	}
	if s.MetadataEndpoint() != "" {
		t.Error("there is a metadata service although none was requested")
	}
}

func TestPortInUse(t *testing.T) {
	s := start(t, sandbox.Options{})
	u, _ := url.Parse(s.Endpoint())
	var port int
	if _, err := fmt.Sscan(u.Port(), &port); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.Start(context.Background(), sandbox.Options{Port: port}); model.ErrorCode(err) != "sandbox.listen" {
		t.Error(err)
	}
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s, err := sandbox.Start(ctx, sandbox.Options{Metadata: &sandbox.Metadata{}})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for _, endpoint := range []string{s.Endpoint(), s.MetadataEndpoint()} {
		address := strings.TrimPrefix(endpoint, "http://")
		deadline := time.Now().Add(10 * time.Second)
		for {
			conn, err := net.DialTimeout("tcp", address, time.Second)
			if err != nil {
				break
			}
			conn.Close()
			if time.Now().After(deadline) {
				t.Fatal("it still listens")
			}
		}
	}
}

func TestRejectsWebPages(t *testing.T) {
	s := start(t, sandbox.Options{Metadata: &sandbox.Metadata{}})
	for name, row := range map[string]struct {
		host, origin string
		status       int
	}{
		"own address":   {status: http.StatusForbidden}, // AccessDenied: not signed
		"localhost":     {host: "localhost:1", status: http.StatusForbidden},
		"rebound name":  {host: "attacker.example", status: http.StatusMisdirectedRequest},
		"likely name":   {host: "127.0.0.1.attacker.example", status: http.StatusMisdirectedRequest},
		"another host":  {host: "192.0.2.7", status: http.StatusMisdirectedRequest},
		"from a page":   {origin: "https://attacker.example", status: http.StatusForbidden},
		"loopback IPv6": {host: "[::1]:99", status: http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodGet, s.Endpoint()+"/bucket", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = row.host
			if row.origin != "" {
				r.Header.Set("Origin", row.origin)
			}
			answer, body := do(t, r)
			if answer.StatusCode != row.status || (row.origin != "") != strings.Contains(body, "web pages") {
				t.Errorf("%d %s", answer.StatusCode, body)
			}
		})
	}
}

func TestOtherServicesAreNotImplemented(t *testing.T) {
	s := start(t, sandbox.Options{})
	for contentType, want := range map[string]string{
		"application/x-amz-json-1.1": `{"__type":"NotImplemented","message":"The sandbox supports only sts, iam and s3. This request was for ` +
			`\"ec2\"."}`,
		"application/xml": `<Code>NotImplemented</Code>`,
	} {
		r, err := http.NewRequest(http.MethodPost, s.Endpoint(), strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-Amz-Date", "20260101T000000Z")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature="+
			strings.Repeat("0", 64))
		if answer, body := do(t, r); answer.StatusCode != http.StatusNotImplemented || !strings.Contains(body, want) {
			t.Errorf("%d %s", answer.StatusCode, body)
		}
	}
}

func TestUnsigned(t *testing.T) {
	s := start(t, sandbox.Options{})
	r, err := http.NewRequest(http.MethodPost, s.Endpoint(), strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if answer, body := do(t, r); answer.StatusCode != http.StatusForbidden ||
		!strings.Contains(body, "<Code>MissingAuthenticationToken</Code>") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}

func TestRejectsInvalidOptions(t *testing.T) {
	for name, row := range map[string]struct {
		o    sandbox.Options
		code string
	}{
		"account id":     {sandbox.Options{Keys: []sandbox.Key{{AccessKeyID: "a", SecretKey: "s", AWSID: "1"}}}, "awsaccount.id"},
		"no secret":      {sandbox.Options{Keys: []sandbox.Key{{AccessKeyID: "a"}}}, "sandbox.key"},
		"key id":         {sandbox.Options{Keys: []sandbox.Key{{AccessKeyID: "a/b", SecretKey: "s"}}}, "sandbox.key"},
		"role":           {sandbox.Options{Roles: []sandbox.Role{{ARN: "deployer"}}}, "sandbox.role"},
		"mfa seed":       {sandbox.Options{MFADevices: []sandbox.MFADevice{{Serial: sandbox.NewMFADevice().Serial, Seed: "1"}}}, "sandbox.mfa"},
		"mfa serial":     {sandbox.Options{MFADevices: []sandbox.MFADevice{{Serial: "my phone", Seed: "MFRGG"}}}, "sandbox.mfa"},
		"policy":         {sandbox.Options{Policies: map[string]string{"arn:aws:iam::000000000000:policy/x": "{}"}}, "sandbox.policy"},
		"token size":     {sandbox.Options{TokenSize: 4097}, "sandbox.token"},
		"container role": {sandbox.Options{Container: &sandbox.Container{Role: "deployer"}}, "sandbox.role"},
		"console's ARN":  {sandbox.Options{Console: &sandbox.Console{ARN: "arn:aws:iam::000000000000:user/a"}}, "sandbox.console"},
		"console's keys": {sandbox.Options{Console: &sandbox.Console{Lifetime: 16 * time.Minute}}, "sandbox.console"},
		"portal account": {sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{
			Accounts: []sandbox.PortalAccount{{ID: "1"}},
		}}, "awsaccount.id"},
		"portal role": {sandbox.Options{IdentityCenter: &sandbox.IdentityCenter{
			Accounts: []sandbox.PortalAccount{{ID: sandbox.AccountID, Roles: []string{"a role"}}},
		}}, "sandbox.role"},
		"instance role": {sandbox.Options{Metadata: &sandbox.Metadata{Role: "deployer"}}, "sandbox.role"},
	} {
		if s, err := sandbox.Start(context.Background(), row.o); model.ErrorCode(err) != row.code {
			t.Errorf("%s: %v", name, err)
			if err == nil {
				_ = s.Close()
			}
		}
	}
}

func do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // no program waits at a redirect
	answer, err := (&http.Client{Timeout: 30 * time.Second, CheckRedirect: stay}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}
