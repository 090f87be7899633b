package identitycenter_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
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

func startSandbox(t *testing.T, now func() time.Time) (*sandbox.Server, identitycenter.Options) {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Options{
		IdentityCenter: &sandbox.IdentityCenter{Region: region, RequestsPerSecond: 20}, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	client := &http.Client{Timeout: time.Minute, CheckRedirect: transport.Stay}
	return s, identitycenter.Options{
		StartURL: s.StartURL(), Region: region, Endpoint: s.RegionEndpoint(region), Client: client, Now: now,
	}
}

// decide answers a page of the sandbox as a person does, and follows the browser back.
func decide(ctx context.Context, t *testing.T, page, decision string) {
	t.Helper()
	form := url.Values{"user": {"ann"}, "decision": {decision}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, page, strings.NewReader(form))
	if err != nil {
		t.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	browser := http.Client{Timeout: time.Minute}
	answer, err := browser.Do(r)
	if err != nil {
		t.Error(err)
		return
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("HTTP %d, %v", answer.StatusCode, err)
	}
}

func TestADayWithTheSandbox(t *testing.T) {
	c := &clock{at: time.Now()}
	_, o := startSandbox(t, c.now)
	a, err := identitycenter.Begin(t.Context(), o, identitycenter.Registration{})
	if err != nil {
		t.Fatal(err)
	}
	decide(t.Context(), t, a.URL, "allow")
	tokens, err := a.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := identitycenter.NewPortal(o)
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := p.Accounts(t.Context(), tokens)
	if err != nil || len(accounts) != 3 || accounts[0].Name != "Production" {
		t.Fatalf("%v, %v", accounts, err)
	}
	roles, err := p.Roles(t.Context(), tokens, accounts[0].ID)
	if err != nil || len(roles) != 2 {
		t.Fatalf("%v, %v", roles, err)
	}
	for range 9 {
		keys, err := p.RoleCredentials(t.Context(), tokens, accounts[0].ID, roles[0])
		if err != nil || keys.SecretAccessKey == "" {
			t.Fatalf("%v, %v", keys, err)
		}
		c.pass(46 * time.Minute)
		if !tokens.Stale(c.now()) {
			t.Fatalf("%v at %v", tokens, c.now())
		}
		if tokens, err = identitycenter.Refresh(t.Context(), o, tokens); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.RoleCredentials(t.Context(), tokens, accounts[0].ID, "NoSuchRole"); model.ErrorCode(err) != "signin.role" {
		t.Error(err)
	}
	if err := p.Logout(t.Context(), tokens); err != nil {
		t.Error(err)
	}
	if _, err := p.Roles(t.Context(), tokens, accounts[0].ID); model.ErrorCode(err) != model.CodeSignInEnded {
		t.Error(err)
	}
	c.pass(24 * time.Hour)
	if _, err := identitycenter.Refresh(t.Context(), o, tokens); model.ErrorCode(err) != model.CodeSignInEnded {
		t.Error(err)
	}
}

func TestADeviceOfTheSandbox(t *testing.T) {
	for decision, want := range map[string]string{"allow": "", "deny": "signin.denied"} {
		_, o := startSandbox(t, time.Now)
		tokens, err := identitycenter.SignInWithDevice(t.Context(), o, identitycenter.Registration{}, func(d identitycenter.Device) {
			decide(t.Context(), t, d.URLWithCode, decision)
		})
		if model.ErrorCode(err) != want || want == "" && tokens.AccessToken == "" {
			t.Errorf("%s: %v, %v", decision, tokens, err)
		}
	}
}

func TestAnotherRegionOfTheSandboxIsExplained(t *testing.T) {
	s, o := startSandbox(t, time.Now)
	o.Region, o.Endpoint = "us-west-2", s.RegionEndpoint("us-west-2")
	_, err := identitycenter.SignInWithDevice(t.Context(), o, identitycenter.Registration{}, func(identitycenter.Device) {})
	if model.ErrorCode(err) != "signin.region" {
		t.Error(err)
	}
}
