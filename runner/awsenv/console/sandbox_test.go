package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func startSandbox(t *testing.T, now func() time.Time) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Options{Console: &sandbox.Console{}, Now: now})
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

func sandboxOptions(s *sandbox.Server, now func() time.Time) console.Options {
	client := &http.Client{Timeout: time.Minute, CheckRedirect: transport.Stay}
	return console.Options{Region: region, Endpoint: s.RegionEndpoint(region), Client: client, Now: now}
}

// decide answers the page of the sandbox as a person does, and follows the browser back.
func decide(ctx context.Context, t *testing.T, page, decision string) {
	t.Helper()
	browser := &http.Client{Timeout: time.Minute, CheckRedirect: transport.Stay}
	form := url.Values{"user": {"ann"}, "decision": {decision}}.Encode()
	for method, address := http.MethodPost, page; address != ""; method = http.MethodGet {
		address = step(ctx, t, browser, method, address, form)
	}
}

// step sends one request of a browser and returns where it leads.
func step(ctx context.Context, t *testing.T, browser *http.Client, method, address, form string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if method == http.MethodPost {
		r, err = http.NewRequestWithContext(ctx, method, address, strings.NewReader(form))
	}
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode >= http.StatusBadRequest {
		t.Fatalf("HTTP %d of %s, %v", answer.StatusCode, address, err)
	}
	return answer.Header.Get("Location")
}

func TestThreeHoursWithTheSandbox(t *testing.T) {
	c := &clock{at: time.Now()}
	s := startSandbox(t, c.now)
	o := sandboxOptions(s, c.now)
	a, err := console.Begin(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	decide(t.Context(), t, a.URL, "allow")
	tokens, err := a.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 18 {
		c.pass(10*time.Minute + time.Second)
		if !tokens.Stale(c.now()) || !tokens.Usable(c.now()) {
			t.Fatalf("%v at %v", tokens, c.now())
		}
		if tokens, err = console.Refresh(t.Context(), o, tokens); err != nil {
			t.Fatal(err)
		}
	}
	o.Endpoint = s.RegionEndpoint("us-west-2")
	if _, err := console.Refresh(t.Context(), o, tokens); model.ErrorCode(err) != "signin.region" {
		t.Errorf("in another region: %v", err)
	}
}

func TestDeniedInTheSandbox(t *testing.T) {
	a, err := console.Begin(t.Context(), sandboxOptions(startSandbox(t, time.Now), time.Now))
	if err != nil {
		t.Fatal(err)
	}
	decide(t.Context(), t, a.URL, "deny")
	if _, err := a.Wait(t.Context()); model.ErrorCode(err) != "signin.denied" {
		t.Error(err)
	}
}

func TestReasonsOfTheSandboxAreExplained(t *testing.T) {
	s := startSandbox(t, time.Now)
	o := sandboxOptions(s, time.Now)
	o.Retryer = options(newService(t)).Retryer // once
	for reason, want := range map[sandbox.OAuthError]string{
		sandbox.TokenExpired: "signin.ended", sandbox.UserCredentialsChanged: "signin.ended", sandbox.InsufficientPermissions: "signin.policy",
		sandbox.AuthcodeExpired: "signin.code.expired", sandbox.InvalidRequest: "signin.region", sandbox.ServerError: "signin.unavailable",
		sandbox.RateExceeded: "signin.throttled", sandbox.ServiceUnavailable: "signin.unavailable",
	} {
		a, err := console.Begin(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		decide(t.Context(), t, a.URL, "allow")
		tokens, err := a.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.FailConsole(reason)
		if _, err := console.Refresh(t.Context(), o, tokens); model.ErrorCode(err) != want {
			t.Errorf("%s: %v", reason, err)
		}
	}
}
