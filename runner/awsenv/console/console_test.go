package console_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
)

const region = "eu-central-1"

func options(s *service) console.Options {
	return console.Options{Region: region, Client: s, Now: s.now, Retryer: aws.NopRetryer{}}
}

// signIn signs in by the pasted text, which needs no listener.
func signIn(t *testing.T, s *service, o console.Options) console.Tokens {
	t.Helper()
	a, err := console.BeginElsewhere(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	code, state, _ := s.visit(a.URL)
	tokens, err := a.Finish(t.Context(), pasted(code, state))
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func pasted(code, state string) string {
	return base64.StdEncoding.EncodeToString([]byte(url.Values{"state": {state}, "code": {code}}.Encode()))
}

func TestSignInWithABrowserHere(t *testing.T) {
	s := newService(t)
	server := httptest.NewServer(s)
	defer server.Close()
	o := options(s)
	o.Client, o.Endpoint = server.Client(), server.URL
	a, err := console.Begin(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	code, state, redirect := s.visit(a.URL)
	if !strings.HasPrefix(redirect, "http://127.0.0.1:") || !strings.HasSuffix(redirect, "/oauth/callback") ||
		!strings.Contains(a.URL, url.QueryEscape("arn:aws:signin:::devtools/same-device")) {
		t.Errorf("the page is %s", a.URL)
	}
	get(t.Context(), t, redirect+"?"+url.Values{"code": {code}, "state": {state}}.Encode())
	tokens, err := a.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if tokens.Session != arn || tokens.Region != region || tokens.AccountID != "111122223333" ||
		!strings.HasPrefix(tokens.AccessKeyID, "ASIA") {
		t.Errorf("%v", tokens)
	}
	if left := time.Until(tokens.Expires); left > 15*time.Minute || left < 14*time.Minute {
		t.Errorf("the keys live for %v", left)
	}
}

func TestSignInWithABrowserElsewhere(t *testing.T) {
	s := newService(t)
	a, err := console.BeginElsewhere(t.Context(), options(s))
	if err != nil {
		t.Fatal(err)
	}
	code, state, redirect := s.visit(a.URL)
	if redirect != "https://eu-central-1.signin.aws.amazon.com/v1/sessions/confirmation" ||
		!strings.Contains(a.URL, url.QueryEscape("arn:aws:signin:::devtools/cross-device")) {
		t.Errorf("the page is %s", a.URL)
	}
	for name, row := range map[string]struct{ text, want string }{
		"nothing":               {"", "signin.pasted"},
		"only a code":           {base64.StdEncoding.EncodeToString([]byte("code=" + code)), "signin.pasted"},
		"only a part":           {pasted(code, state)[:20], "signin.pasted"},
		"something else":        {"https://console.aws.amazon.com/", "signin.pasted"},
		"of another sign-in":    {pasted(code, "another"), "signin.pasted.other"},
		"an empty code":         {pasted("", state), "signin.pasted"},
		"nothing but two words": {base64.StdEncoding.EncodeToString([]byte("code=%zz&state=x")), "signin.pasted"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := a.Finish(t.Context(), row.text); model.ErrorCode(err) != row.want || strings.Contains(err.Error(), code) {
				t.Error(err)
			}
		})
	}
	if _, err := a.Wait(t.Context()); model.ErrorCode(err) != "signin.elsewhere" {
		t.Error(err)
	}
	text := pasted(code, state)
	tokens, err := a.Finish(t.Context(), " "+text[:30]+"\r\n"+strings.TrimRight(text[30:], "=")+"\n")
	if err != nil || tokens.Session != arn {
		t.Errorf("%v, %v", tokens, err)
	}
	if _, err := a.Finish(t.Context(), text); model.ErrorCode(err) != "signin.code.expired" {
		t.Errorf("the code was used twice: %v", err)
	}
}

func TestTheSignInIsWhereTheSDKHasIt(t *testing.T) {
	for _, row := range []struct {
		region     string
		fips, dual bool
		want       string
	}{
		{"us-east-1", false, false, "https://us-east-1.signin.aws.amazon.com/v1/authorize"},
		{"cn-north-1", false, false, "https://cn-north-1.signin.amazonaws.cn/v1/authorize"},
		{"us-gov-west-1", false, false, "https://us-gov-west-1.signin.amazonaws-us-gov.com/v1/authorize"},
		{"eusc-de-east-1", false, false, "https://eusc-de-east-1.signin.amazonaws-eusc.eu/v1/authorize"},
		{"us-iso-east-1", false, false, "https://us-iso-east-1.signin.c2shome.ic.gov/v1/authorize"},
		{"us-gov-west-1", true, false, "https://signin-fips.amazonaws-us-gov.com/v1/authorize"},
		{"us-east-1", false, true, "https://signin.us-east-1.api.aws/v1/authorize"},
	} {
		t.Run(row.region, func(t *testing.T) {
			a, err := console.BeginElsewhere(t.Context(), console.Options{Region: row.region, FIPS: row.fips, DualStack: row.dual})
			if err != nil {
				t.Fatal(err)
			}
			if page, _, _ := strings.Cut(a.URL, "?"); page != row.want {
				t.Errorf("the page is %s, want %s", page, row.want)
			}
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]console.Options{
		"signin.region.empty": {}, "region.form": {Region: "Frankfurt"}, "endpoint.plain": {Region: region, Endpoint: "http://aws.example"},
		"aws.sandbox.stopped": {Region: region, Endpoint: "sandbox"},
	} {
		for _, begin := range []func(context.Context, console.Options) (*console.Attempt, error){console.Begin, console.BeginElsewhere} {
			if _, err := begin(t.Context(), o); model.ErrorCode(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
	}
}

func TestACancelledAttemptEnds(t *testing.T) {
	a, err := console.Begin(t.Context(), options(newService(t)))
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	if _, err := a.Wait(t.Context()); model.ErrorCode(err) != "signin.cancelled" {
		t.Error(err)
	}
}

func TestARenewalKeepsWhoAndWhere(t *testing.T) {
	s, elsewhere := newService(t), newService(t)
	o := options(s)
	o.Client = regions{region: s, "us-west-2": elsewhere}
	first := signIn(t, s, o)
	o.Region = "us-west-2" // where the scripts work
	second, err := console.Refresh(t.Context(), o, first)
	if err != nil {
		t.Fatal(err)
	}
	if second.Session != arn || second.Region != region || second.AccountID != first.AccountID || second.IDToken != first.IDToken {
		t.Errorf("%v became %v", first, second)
	}
	if second.RefreshToken == first.RefreshToken || second.SecretAccessKey == first.SecretAccessKey {
		t.Error("nothing was renewed")
	}
	if elsewhere.calls != 0 {
		t.Error("another region was asked")
	}
	if _, err := console.Refresh(t.Context(), o, first); err == nil {
		t.Error("a spent token was renewed")
	}
}

func TestTokensAreRenewedFiveMinutesBeforeTheirEnd(t *testing.T) {
	now := time.Now()
	tokens := console.Tokens{Expires: now.Add(5 * time.Minute), SecretAccessKey: "x"}
	for _, row := range []struct {
		after         time.Duration
		stale, usable bool
	}{{0, false, true}, {time.Second, true, true}, {5 * time.Minute, true, false}} {
		at := now.Add(row.after)
		if tokens.Stale(at) != row.stale || tokens.Usable(at) != row.usable {
			t.Errorf("after %v: %v, %v", row.after, tokens.Stale(at), tokens.Usable(at))
		}
	}
}

func TestFailuresAreExplained(t *testing.T) {
	said := func(status int, kind, reason string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { refuse(w, status, kind, reason) }
	}
	type row struct {
		failure         func(http.ResponseWriter)
		signIn, renewal string // the codes
		sentence        string // part of the renewal's
	}
	for name, row := range map[string]row{
		"ended": {said(403, "AccessDeniedException", "TOKEN_EXPIRED"), "signin.ended", "signin.ended", "has ended. Sign in again"},
		"password changed": {said(403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED"), "signin.ended", "signin.ended",
			"the password was changed"},
		"policy": {said(403, "AccessDeniedException", "INSUFFICIENT_PERMISSIONS"), "signin.policy", "signin.policy",
			"SignInLocalDevelopmentAccess"},
		"code expired": {said(403, "AccessDeniedException", "AUTHCODE_EXPIRED"), "signin.code.expired", "signin.code.expired", "expired"},
		"region":       {said(400, "ValidationException", "INVALID_REQUEST"), "signin.refused", "signin.region", "another region"},
		"throttled":    {said(429, "TooManyRequestsError", "rate_exceeded"), "signin.throttled", "signin.throttled", "in a minute"},
		"down":         {said(500, "InternalServerException", "server_error"), "signin.unavailable", "signin.unavailable", "another region"},
		"unknown":      {said(400, "ConflictException", "CONFLICT"), "signin.refused", "signin.refused", "ConflictException"},
		"a hotel's page": {func(w http.ResponseWriter) {
			w.Write([]byte("<html>Welcome")) //nolint:errcheck // a recorder takes all
		}, "aws.garbled", "aws.garbled", "not from AWS"},
		"nothing in it": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte("{}")) //nolint:errcheck // a recorder takes all
		}, "aws.garbled", "aws.garbled", "not from AWS"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			tokens := signIn(t, s, options(s))
			a, err := console.BeginElsewhere(t.Context(), options(s))
			if err != nil {
				t.Fatal(err)
			}
			code, state, _ := s.visit(a.URL)
			s.failure = row.failure
			_, err = a.Finish(t.Context(), pasted(code, state))
			if model.ErrorCode(err) != row.signIn {
				t.Errorf("sign-in: %v", err)
			}
			_, err = console.Refresh(t.Context(), options(s), tokens)
			if model.ErrorCode(err) != row.renewal || !strings.Contains(err.Error(), row.sentence) {
				t.Errorf("renewal: %v", err)
			}
			hidden(t, err, append(tokens.Secrets(), code, state)...)
		})
	}
}

// hidden fails when an error shows a secret.
func hidden(t *testing.T, err error, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("%v shows %q", err, secret)
		}
	}
}

type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheNetworkIsExplained(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	for want, failure := range map[string]error{
		"aws.dns": &net.DNSError{Err: "no such host", IsNotFound: true}, "aws.timeout": context.DeadlineExceeded,
		"aws.unreachable": errors.New("connection refused for " + tokens.RefreshToken),
	} {
		o := options(s)
		o.Client = clientFunc(func(*http.Request) (*http.Response, error) { return nil, failure })
		_, err := console.Refresh(t.Context(), o, tokens)
		if model.ErrorCode(err) != want || !strings.Contains(err.Error(), "eu-central-1.signin.aws.amazon.com") {
			t.Errorf("%v, want %s", err, want)
		}
		hidden(t, err, tokens.Secrets()...)
	}
}

func TestAWrongClockIsBlamed(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	o := options(s)
	o.Client = clientFunc(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		refuse(w, http.StatusBadRequest, "ValidationException", "INVALID_REQUEST")
		answer := w.Result()
		answer.Header.Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		return answer, nil
	})
	if _, err := console.Refresh(t.Context(), o, tokens); model.ErrorCode(err) != "aws.clock" || !strings.Contains(err.Error(), "behind") {
		t.Error(err)
	}
}

func TestACancelledRequestSaysSo(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	why := errors.New("the window closed")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := console.Refresh(ctx, options(s), tokens); model.ErrorCode(err) != "signin.cancelled" || !errors.Is(err, why) {
		t.Error(err)
	}
}

func TestADamagedKeyAsksForANewSignIn(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	for _, key := range []string{"", "text", strings.Replace(tokens.ProofKey, "EC PRIVATE", "RSA PRIVATE", 2), tokens.ProofKey[:60]} {
		tokens.ProofKey = key
		if _, err := console.Refresh(t.Context(), options(s), tokens); model.ErrorCode(err) != model.CodeSignInEnded {
			t.Errorf("%v with the key %q", err, key)
		}
	}
}

func TestTokensAreKeptWholeAndPrintNothing(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	data, err := json.Marshal(tokens)
	if err != nil {
		t.Fatal(err)
	}
	var back console.Tokens
	if err := json.Unmarshal(data, &back); err != nil || back != tokens {
		t.Errorf("%s came back as another, %v", data, err)
	}
	for _, secret := range tokens.Secrets() {
		if len(secret) < 8 || strings.Contains(secret, "-----") {
			t.Errorf("%q would be masked where it is none", secret)
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "tokens", tokens)
	inside := struct{ Tokens console.Tokens }{tokens}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		fmt.Fprintf(&log, verb+verb+verb, tokens, &tokens, inside)
	}
	for _, secret := range tokens.Secrets() {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q was printed", secret)
		}
	}
	if !strings.Contains(log.String(), arn) {
		t.Errorf("nobody knows whose tokens these are: %s", log.String())
	}
}
