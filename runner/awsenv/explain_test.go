package awsenv_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func TestRefusedKeys(t *testing.T) {
	key, temporary := sandbox.NewKey(), sandbox.NewKey()
	temporary.AccessKeyID, temporary.SessionToken = "ASIAEXAMPLE000000000", "the-session-token"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key, temporary}})
	for name, row := range map[string]struct {
		change func(*awsenv.Request)
		says   []string
	}{
		"wrong secret": {func(r *awsenv.Request) { r.SecretKey = "not/the/secret" }, []string{"secret key", key.AccessKeyID}},
		"unknown key": {func(r *awsenv.Request) { r.Account.AccessKeyID = "AKIAUNKNOWN000000000" },
			[]string{"doesn't know", "AKIAUNKNOWN000000000"}},
		"opt-in region": {func(r *awsenv.Request) { r.Account.AccessKeyID, r.Region = "AKIAUNKNOWN000000000", "eu-south-1" },
			[]string{"eu-south-1", "enabled"}},
		"token missing": {func(r *awsenv.Request) {
			r.Account.AccessKeyID, r.SecretKey = temporary.AccessKeyID, temporary.SecretKey
		}, []string{"temporary", "Enter the session token"}},
		"token wrong": {func(r *awsenv.Request) {
			r.Account.AccessKeyID, r.SecretKey, r.SessionToken = temporary.AccessKeyID, temporary.SecretKey, "wrong-token"
		}, []string{"belong together"}},
		"before the role": {func(r *awsenv.Request) {
			r.SecretKey, r.Roles = "not/the/secret", awsenv.RolesOf(&model.AssumeRole{ARN: rolePath + "reader"})
		}, []string{"secret key"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(s, key)
			row.change(&r)
			_, err := awsenv.Resolve(context.Background(), r)
			if model.ErrorCode(err) != "AWS-LOGIN-ERROR-0005" {
				t.Fatal(err)
			}
			for _, text := range append(row.says, `"Ours"`) {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("it does not say %q: %v", text, err)
				}
			}
			for _, secret := range []string{r.SecretKey, r.SessionToken} {
				if secret != "" && strings.Contains(err.Error(), secret) {
					t.Errorf("it contains a secret: %v", err)
				}
			}
		})
	}
}

// answering is an STS that always gives the same answer.
func answering(t *testing.T, status int, contentType, body string) (endpoint string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func xmlError(code, message string) string {
	return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>` + code + `</Code><Message>` +
		message + `</Message></Error><RequestId>r</RequestId></ErrorResponse>`
}

func TestAnswersOfSTS(t *testing.T) {
	const secret, token = "the/secret/key", "the-session-token"
	for name, row := range map[string]struct {
		status int
		body   string
		code   string
		asked  int32
	}{
		"expired token":   {403, xmlError("ExpiredToken", "expired"), "aws.token.expired", 1},
		"region disabled": {403, xmlError("RegionDisabledException", "STS is not activated"), "aws.region.disabled", 1},
		"denied":          {403, xmlError("AccessDenied", "no"), "aws.denied", 1},
		"throttled":       {400, xmlError("Throttling", "Rate exceeded"), "aws.throttled", 3},
		"out of order":    {503, xmlError("ServiceUnavailable", "later"), "aws.unavailable", 3},
		"unheard of":      {400, xmlError("Novelty", "x"), "aws.refused", 1},
		"tells the request": {403,
			xmlError("SignatureDoesNotMatch", "no match. The Canonical String for this request should have been POST x-amz-security-token:"+token+
				" the%2Dsession%2Dtoken"), "AWS-LOGIN-ERROR-0005", 1},
		"tells the token": {400, xmlError("Novelty", "your token "+token+" and "+secret), "aws.refused", 1},
		"a hotel's page":  {200, "<html><body>Welcome! Please sign in.</body></html>", "aws.garbled", 1},
		"nothing":         {200, "", "aws.garbled", 1},
		"half an answer":  {200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws", "aws.garbled", 1},
		"another document": {200,
			`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>x</Arn><Account>12</Account></GetCallerIdentityResult>` +
				`</GetCallerIdentityResponse>`, "aws.garbled", 1},
		"redirect":       {302, "", "aws.garbled", 1},
		"page not found": {404, "404 page not found", "aws.garbled", 1},
		"endless":        {200, strings.Repeat("<a>", 1<<20), "aws.garbled", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint, asked := answering(t, row.status, "text/xml", row.body)
			_, err := awsenv.Resolve(context.Background(), awsenv.Request{
				Account: model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}, SecretKey: secret,
				SessionToken: token,
				Region:       "eu-west-1", Endpoint: endpoint, Network: network(t),
			})
			if model.ErrorCode(err) != row.code {
				t.Fatalf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "%2Dsession") ||
				len(err.Error()) > 800 {
				t.Errorf("it reveals too much: %v", err)
			}
			if asked.Load() != row.asked {
				t.Errorf("asked %d times, want %d", asked.Load(), row.asked)
			}
		})
	}
}

func TestNetworkFaults(t *testing.T) {
	tlsServer := httptest.NewUnstartedServer(http.NotFoundHandler())
	tlsServer.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it is about us
	tlsServer.StartTLS()
	t.Cleanup(tlsServer.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	t.Cleanup(refusing.Close)
	rude, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rude.Close() })
	go func() { // takes a connection and hangs up
		for {
			conn, err := rude.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	for name, row := range map[string]struct {
		endpoint string
		environ  []string
		code     string
	}{
		"nobody listens":    {"http://" + closed.Addr().String(), nil, "aws.unreachable"},
		"hangs up":          {"http://" + rude.Addr().String(), nil, "aws.unreachable"},
		"unknown authority": {tlsServer.URL, nil, "aws.tls.authority"},
		"no TLS there":      {strings.Replace(plain.URL, "http:", "https:", 1), nil, "aws.tls"},
		"no such name":      {"https://nothing.invalid", nil, "aws.dns"},
		"proxy not there":   {"https://sts.example.com", []string{"HTTPS_PROXY=http://" + closed.Addr().String()}, "aws.proxy"},
		"proxy wants login": {"https://sts.example.com",
			[]string{"https_proxy=http://user:proxypassword@" + strings.TrimPrefix(refusing.URL, "http://")}, "aws.proxy"},
		"proxy unreadable": {"https://sts.example.com", []string{"HTTPS_PROXY=http://user:proxypassword@[::1"}, "aws.proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := awsenv.Resolve(context.Background(), awsenv.Request{
				Account: model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}, SecretKey: "secret/key",
				Region: "eu-west-1", Endpoint: row.endpoint, Network: network(t, row.environ...),
			})
			if model.ErrorCode(err) != row.code || !strings.Contains(err.Error(), row.endpoint) {
				t.Fatalf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
			if strings.Contains(err.Error(), "proxypassword") || strings.Contains(err.Error(), "secret/key") {
				t.Errorf("it contains a secret: %v", err)
			}
		})
	}
}

func TestPrivateRoot(t *testing.T) {
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}})
	var seen http.Header
	front := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:user/x</Arn><UserId>U</UserId>`+
			`<Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}))
	defer front.Close()
	bundle := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	r := request(s, key)
	r.Endpoint, r.Network = front.URL, network(t, "AWS_CA_BUNDLE="+bundle)
	if _, err := awsenv.Resolve(context.Background(), r); err != nil || !strings.Contains(seen.Get("User-Agent"), "app/Stepdeck") {
		t.Errorf("%v, %v", err, seen)
	}
	if err := os.WriteFile(bundle, bytes.Repeat([]byte("x"), 10), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, code := range map[string]string{bundle: "aws.cabundle.empty", bundle + "x": "aws.cabundle.read"} {
		if _, err := awsenv.NewNetwork([]string{"AWS_CA_BUNDLE=" + path}); model.ErrorCode(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
}

func TestClock(t *testing.T) {
	for name, row := range map[string]struct {
		offset time.Duration
		notice string
	}{
		"right":         {0, ""},
		"a bit wrong":   {2 * time.Minute, ""},
		"nearly wrong":  {270 * time.Second, "4 minutes 30 seconds behind"},
		"an hour wrong": {-time.Hour, "1 hour ahead of"}, // the SDK learns the time from the refusal
	} {
		t.Run(name, func(t *testing.T) {
			key := sandbox.NewKey()
			s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}, Now: func() time.Time { return time.Now().Add(row.offset) }})
			got, err := awsenv.Resolve(context.Background(), request(s, key))
			if err != nil {
				t.Fatal(err)
			}
			if row.notice == "" && len(got.Notices) != 0 || row.notice != "" &&
				(len(got.Notices) != 1 || !strings.Contains(about(got.Notices[0].Error()), row.notice)) {
				t.Errorf("it says %v, want %q", got.Notices, row.notice)
			}
		})
	}
	t.Run("for ever", func(t *testing.T) {
		endpoint, _ := answering(t, 403, "text/xml",
			xmlError("SignatureDoesNotMatch",
				"Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z (20260101T010500Z - 5 min.)"))
		r := awsenv.Request{Account: model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}, SecretKey: "x",
			Region: "eu-west-1", Endpoint: endpoint}
		if _, err := awsenv.Resolve(context.Background(), r); model.ErrorCode(err) != "aws.clock" {
			t.Error(err)
		}
	})
}

// about accepts a difference of one second, since the clock is read in whole seconds.
func about(text string) string {
	return strings.NewReplacer("29 seconds", "30 seconds", "31 seconds", "30 seconds",
		"59 minutes 59 seconds", "1 hour", "1 hour 1 second", "1 hour").
		Replace(text)
}

func TestStopsAsking(t *testing.T) {
	asked, released := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-released
	}))
	defer server.Close()
	defer close(released)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-asked
		cancel()
	}()
	r := awsenv.Request{Account: model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}, SecretKey: "x",
		Region: "eu-west-1", Endpoint: server.URL}
	if _, err := awsenv.Resolve(ctx, r); model.ErrorCode(err) != "aws.stopped" {
		t.Error(err)
	}
}
