package identitycenter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// signIn signs in with a code of a device, which needs no listener.
func signIn(t *testing.T, o identitycenter.Options) identitycenter.Tokens {
	t.Helper()
	tokens, err := identitycenter.SignInWithDevice(t.Context(), o, identitycenter.Registration{}, func(identitycenter.Device) {})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// simulated runs a test in simulated time: a sign-in with a device waits between its questions.
func simulated(test func(t *testing.T, s *service)) func(t *testing.T) {
	return func(t *testing.T) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) { test(t, newService(t)) })
	}
}

func TestSignInWithABrowserHere(t *testing.T) {
	s := newService(t)
	server := httptest.NewServer(s)
	defer server.Close()
	o := options(s)
	o.Client, o.Endpoint, o.StartURL = server.Client(), server.URL, start+"/#/?tab=accounts"
	a, err := identitycenter.Begin(t.Context(), o, identitycenter.Registration{})
	if err != nil {
		t.Fatal(err)
	}
	s.visit(t.Context(), a.URL)
	tokens, err := a.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(tokens.Expires); tokens.StartURL != start || tokens.Region != region || left > time.Hour || left < 59*time.Minute {
		t.Errorf("%v", tokens)
	}
	again, err := identitycenter.Begin(t.Context(), o, tokens.Registration)
	if err != nil || len(s.clients) != 1 {
		t.Fatalf("%d registrations, %v", len(s.clients), err)
	}
	again.Close()
	if _, err := again.Wait(t.Context()); model.ErrorCode(err) != "signin.cancelled" {
		t.Error(err)
	}
}

func TestARegistrationIsUsedForItsOwnGrantsUntilItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		o := options(s)
		known := signIn(t, o).Registration
		again := func(o identitycenter.Options) int {
			before := len(s.clients)
			if _, err := identitycenter.SignInWithDevice(t.Context(), o, known, func(identitycenter.Device) {}); err != nil {
				t.Fatal(err)
			}
			return len(s.clients) - before
		}
		if again(o) != 0 {
			t.Error("it was not used again")
		}
		elsewhere := o
		elsewhere.Region = "us-east-1"
		if again(elsewhere) != 1 {
			t.Error("it was used in another region")
		}
		if a, err := identitycenter.Begin(t.Context(), o, known); err != nil || strings.Contains(a.URL, known.ClientID+"&") {
			t.Errorf("one for devices was used for a browser: %v", err)
		} else {
			a.Close()
		}
		time.Sleep(90*24*time.Hour - 10*time.Minute)
		if again(o) != 1 {
			t.Error("it was used although it expires")
		}
	})
}

func TestSignInWithADevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		s.device = []string{"AuthorizationPendingException", "SlowDownException", "AuthorizationPendingException"}
		var shown []identitycenter.Device
		began := time.Now()
		tokens, err := identitycenter.SignInWithDevice(t.Context(), options(s), identitycenter.Registration{},
			func(d identitycenter.Device) { shown = append(shown, d) })
		if err != nil || tokens.AccessToken != s.access {
			t.Fatalf("%v, %v", tokens, err)
		}
		if took := time.Since(began); took != (1+1+6+6)*time.Second {
			t.Errorf("it took %v: the service said when to ask", took)
		}
		if len(shown) != 1 || shown[0].Code != "ABCD-EFGH" || shown[0].URL != start+"/#/device" ||
			!shown[0].Expires.Equal(began.Add(10*time.Minute)) {
			t.Errorf("%v", shown)
		}
	})
}

func TestACodeOfADeviceExpires(t *testing.T) {
	for name, row := range map[string]struct {
		answers []string
		want    string
	}{
		"nobody confirms it":     {slices.Repeat([]string{"AuthorizationPendingException"}, 700), "signin.device.expired"},
		"the service says so":    {[]string{"ExpiredTokenException"}, "signin.device.expired"},
		"the person denies":      {[]string{"AccessDeniedException"}, "signin.denied"},
		"the service is strange": {[]string{"InvalidScopeException"}, "signin.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t)
				s.device = row.answers
				began := time.Now()
				_, err := identitycenter.SignInWithDevice(t.Context(), options(s), identitycenter.Registration{}, func(identitycenter.Device) {})
				if model.ErrorCode(err) != row.want || time.Since(began) > 10*time.Minute {
					t.Errorf("%v after %v", err, time.Since(began))
				}
			})
		})
	}
}

func TestAPersonCanGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		s.device = slices.Repeat([]string{"AuthorizationPendingException"}, 700)
		why := errors.New("the window closed")
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err := identitycenter.SignInWithDevice(ctx, options(s), identitycenter.Registration{}, func(identitycenter.Device) { cancel(why) })
		if model.ErrorCode(err) != "signin.cancelled" || !errors.Is(err, why) {
			t.Error(err)
		}
	})
}

func TestAPageThatCannotBeOpenedIsNotShown(t *testing.T) {
	for _, address := range []string{"", "file:///etc/passwd", "http://aws.example/", "javascript:alert(1)", "https://user@aws.example/"} {
		s := newService(t)
		s.failure = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/device_authorization" {
				return false
			}
			reply(t, w, map[string]any{
				"deviceCode": "d", "userCode": "u", "verificationUri": address, "verificationUriComplete": address, "expiresIn": 600,
			})
			return true
		}
		_, err := identitycenter.SignInWithDevice(t.Context(), options(s), identitycenter.Registration{}, func(identitycenter.Device) {
			t.Errorf("%q was shown", address)
		})
		if model.ErrorCode(err) != "aws.garbled" {
			t.Error(err)
		}
	}
}

func TestTwentyThatAskRenewOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		o := options(s)
		kept := signIn(t, o)
		before := s.calls
		r := refresh.New(refresh.Source[identitycenter.Tokens]{
			Load:  func(context.Context) (identitycenter.Tokens, error) { return kept, nil },
			Save:  func(_ context.Context, next identitycenter.Tokens) error { kept = next; return nil },
			Stale: func(tokens identitycenter.Tokens) bool { return tokens.Stale(time.Now()) },
			Renew: func(ctx context.Context, tokens identitycenter.Tokens) (identitycenter.Tokens, error) {
				return identitycenter.Refresh(ctx, o, tokens)
			},
		})
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				for range 12 * 60 {
					if tokens, err := r.Get(t.Context()); err != nil || time.Until(tokens.Expires) < 15*time.Minute {
						t.Errorf("%v, %v", tokens, err)
						return
					}
					time.Sleep(time.Minute)
				}
			})
		}
		group.Wait()
		if renewals := s.calls - before; renewals < 14 || renewals > 16 { // one in 45 to 46 minutes
			t.Errorf("%d renewals in twelve hours", renewals)
		}
	})
}

func TestARenewalKeepsWhereAndHow(t *testing.T) { simulated(renewalKeepsWhereAndHow)(t) }

func renewalKeepsWhereAndHow(t *testing.T, s *service) {
	t.Helper()
	tokens := signIn(t, options(s))
	o := options(s)
	o.Region, o.StartURL = "us-west-2", "https://d-0000000000.awsapps.com/start"
	s.failure = func(w http.ResponseWriter, _ *http.Request) bool { // one that serves again is not sent anew
		reply(t, w, map[string]any{"accessToken": "next", "expiresIn": 3600})
		return true
	}
	next, err := identitycenter.Refresh(t.Context(), o, tokens)
	want := tokens
	want.AccessToken, want.Expires = "next", next.Expires
	if err != nil || !reflect.DeepEqual(next, want) {
		t.Errorf("%v, %v", next, err)
	}
}

func TestWhatCannotBeRenewedAsksForASignIn(t *testing.T) {
	for name, change := range map[string]func(*identitycenter.Tokens){
		"no token that renews":   func(tokens *identitycenter.Tokens) { tokens.RefreshToken = "" },
		"another token":          func(tokens *identitycenter.Tokens) { tokens.RefreshToken = "other" },
		"expired registration":   func(tokens *identitycenter.Tokens) { tokens.Registration.Expires = time.Now() },
		"forgotten registration": func(tokens *identitycenter.Tokens) { tokens.Registration.ClientID = "other" },
	} {
		t.Run(name, simulated(func(t *testing.T, s *service) {
			tokens := signIn(t, options(s))
			change(&tokens)
			_, err := identitycenter.Refresh(t.Context(), options(s), tokens)
			if model.ErrorCode(err) != model.CodeSignInEnded || !strings.Contains(err.Error(), "Sign in again") {
				t.Error(err)
			}
			hidden(t, err, tokens.Secrets()...)
		}))
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

func TestRefusalsAtTheBeginningAreExplained(t *testing.T) {
	for kind, row := range map[string]struct {
		status   int
		want     string
		sentence string
	}{
		"InvalidRequestException":       {400, "signin.region", "Check the start URL and the region"},
		"InvalidRequestRegionException": {400, "signin.region", "is in region us-east-1, not in eu-central-1"},
		"SlowDownException":             {400, "signin.throttled", "Try again in a minute"},
		"TooManyRequestsException":      {429, "signin.throttled", "Try again in a minute"},
		"InternalServerException":       {500, "signin.unavailable", "another region"},
		"InvalidClientException":        {401, "signin.registration", "Sign in again"},
		"Unheard":                       {400, "signin.refused", "Unheard"},
	} {
		t.Run(kind, func(t *testing.T) {
			s := newService(t)
			s.failure = func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("X-Amzn-ErrorType", kind)
				w.WriteHeader(row.status)
				w.Write([]byte(`{"error":"because","region":"us-east-1"}`)) //nolint:errcheck // a recorder takes all
				return true
			}
			_, err := identitycenter.Begin(t.Context(), options(s), identitycenter.Registration{})
			if model.ErrorCode(err) != row.want || !strings.Contains(err.Error(), row.sentence) {
				t.Error(err)
			}
		})
	}
}

func TestTheServiceIsWhereTheSDKHasIt(t *testing.T) {
	s := newService(t)
	for _, row := range []struct {
		region     string
		fips, dual bool
		want       string
	}{
		{"eu-west-1", false, false, "https://oidc.eu-west-1.amazonaws.com/authorize"},
		{"cn-north-1", false, false, "https://oidc.cn-north-1.amazonaws.com.cn/authorize"},
		{"us-gov-west-1", false, false, "https://oidc.us-gov-west-1.amazonaws.com/authorize"},
		{"eusc-de-east-1", false, false, "https://oidc.eusc-de-east-1.amazonaws.eu/authorize"},
		{"us-east-1", true, false, "https://oidc-fips.us-east-1.amazonaws.com/authorize"},
		{"us-east-1", false, true, "https://oidc.us-east-1.api.aws/authorize"},
	} {
		o := options(s)
		o.Region, o.FIPS, o.DualStack = row.region, row.fips, row.dual
		a, err := identitycenter.Begin(t.Context(), o, identitycenter.Registration{})
		if err != nil {
			t.Fatal(err)
		}
		if page, _, _ := strings.Cut(a.URL, "?"); page != row.want {
			t.Errorf("the page is %s, want %s", page, row.want)
		}
		a.Close()
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]identitycenter.Options{
		"signin.starturl.empty": {Region: region},
		"signin.starturl.form":  {StartURL: "d-1234567890", Region: region},
		"signin.region.empty":   {StartURL: start},
		"region.form":           {StartURL: start, Region: "Frankfurt"},
		"endpoint.plain":        {StartURL: start, Region: region, Endpoint: "http://aws.example"},
		"aws.sandbox.stopped":   {StartURL: start, Region: region, Endpoint: "sandbox"},
	} {
		if _, err := identitycenter.Begin(t.Context(), o, identitycenter.Registration{}); model.ErrorCode(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
		if _, err := identitycenter.NewPortal(o); model.ErrorCode(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestTokensAreKeptWholeAndPrintNothing(t *testing.T) {
	simulated(tokensAreKeptWholeAndPrintNothing)(t)
}

func tokensAreKeptWholeAndPrintNothing(t *testing.T, s *service) {
	t.Helper()
	tokens := signIn(t, options(s))
	data, err := json.Marshal(tokens)
	if err != nil {
		t.Fatal(err)
	}
	var back identitycenter.Tokens
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(back, tokens) {
		t.Errorf("%s came back as another, %v", data, err)
	}
	keys := identitycenter.Keys{AccessKeyID: "ASIA", SecretAccessKey: "secret-key-of-role", SessionToken: "session-token-of-role"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "tokens", tokens, "registration", tokens.Registration, "keys", keys)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		fmt.Fprintf(&log, verb+verb+verb+verb, tokens, &tokens, tokens.Registration, keys)
	}
	for _, secret := range append(tokens.Secrets(), keys.Secrets()...) {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q was printed", secret)
		}
	}
	if len(tokens.Secrets()) != 3 || len(keys.Secrets()) != 2 || !strings.Contains(log.String(), start) {
		t.Errorf("%d secrets: %s", len(tokens.Secrets()), log.String())
	}
}
