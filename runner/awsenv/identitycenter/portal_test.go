package identitycenter_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
)

// portal returns a portal of the service, with its own way to try again, and tokens for it.
func portal(t *testing.T, s *service) (*identitycenter.Portal, identitycenter.Tokens) {
	t.Helper()
	o := options(s)
	o.Retryer = nil
	p, err := identitycenter.NewPortal(o)
	if err != nil {
		t.Fatal(err)
	}
	return p, signIn(t, options(s))
}

func TestAccountsAndRolesAreListed(t *testing.T) {
	simulated(func(t *testing.T, s *service) {
		s.accounts = 250
		p, tokens := portal(t, s)
		accounts, err := p.Accounts(t.Context(), tokens)
		if err != nil || len(accounts) != 250 || len(s.asked) != 3 {
			t.Fatalf("%d accounts with %d requests, %v", len(accounts), len(s.asked), err)
		}
		for i, a := range accounts {
			if model.CheckAWSAccountID(a.ID) != nil || a.Email != "a@b.example" || strings.Contains(a.Name, "\x1b") ||
				i > 0 && accounts[i-1].Name > a.Name {
				t.Fatalf("%v at %d", a, i)
			}
		}
		if roles, err := p.Roles(t.Context(), tokens, accounts[0].ID); err != nil || !reflect.DeepEqual(roles, []string{"Role1", "Role2"}) {
			t.Errorf("%v, %v", roles, err)
		}
	})(t)
}

func TestThePortalIsAskedFiveTimesASecondAtMost(t *testing.T) {
	simulated(func(t *testing.T, s *service) {
		p, tokens := portal(t, s)
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if _, err := p.Roles(t.Context(), tokens, "111122223333"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for i := 5; i < len(s.asked); i++ {
			if took := s.asked[i].Sub(s.asked[i-5]); took < time.Second-time.Millisecond {
				t.Errorf("six requests within %v", took)
			}
		}
		if len(s.asked) != 50 {
			t.Errorf("%d requests", len(s.asked))
		}
	})(t)
}

func TestAThrottledPortalIsAskedAgain(t *testing.T) {
	simulated(func(t *testing.T, s *service) {
		p, tokens := portal(t, s)
		refused := 0
		s.failure = func(w http.ResponseWriter, _ *http.Request) bool {
			if refused++; refused > 6 {
				return false
			}
			refuse(w, http.StatusTooManyRequests, "TooManyRequestsException")
			return true
		}
		if accounts, err := p.Accounts(t.Context(), tokens); err != nil || len(accounts) != 3 || refused != 7 {
			t.Errorf("%v, %v after %d", accounts, err, refused)
		}
	})(t)
}

func TestKeysOfARole(t *testing.T) {
	simulated(func(t *testing.T, s *service) {
		o := options(s)
		p, err := identitycenter.NewPortal(o)
		if err != nil {
			t.Fatal(err)
		}
		tokens := signIn(t, options(s))
		keys, err := p.RoleCredentials(t.Context(), tokens, "111122223333", "Role1")
		if err != nil || keys.AccessKeyID != "ASIAEXAMPLE" || keys.AccountID != "111122223333" || time.Until(keys.Expires) != time.Hour {
			t.Errorf("%v, %v", keys, err)
		}
		if _, err := p.RoleCredentials(t.Context(), tokens, "111122223333", "Other"); model.ErrorCode(err) != "signin.role" {
			t.Error(err)
		}
	})(t)
}

func TestLogoutEndsTheSignIn(t *testing.T) {
	simulated(func(t *testing.T, s *service) {
		p, tokens := portal(t, s)
		for range 2 { // a second time there is nothing to end
			if err := p.Logout(t.Context(), tokens); err != nil {
				t.Error(err)
			}
		}
		_, err := p.Accounts(t.Context(), tokens)
		if model.ErrorCode(err) != model.CodeSignInEnded {
			t.Error(err)
		}
		hidden(t, err, tokens.Secrets()...)
	})(t)
}

func TestFailuresOfThePortalAreExplained(t *testing.T) {
	type request func(ctx context.Context, p *identitycenter.Portal, tokens identitycenter.Tokens) error
	accounts := func(ctx context.Context, p *identitycenter.Portal, tokens identitycenter.Tokens) error {
		_, err := p.Accounts(ctx, tokens)
		return err
	}
	roles := func(ctx context.Context, p *identitycenter.Portal, tokens identitycenter.Tokens) error {
		_, err := p.Roles(ctx, tokens, "111122223333")
		return err
	}
	logout := func(ctx context.Context, p *identitycenter.Portal, tokens identitycenter.Tokens) error {
		return p.Logout(ctx, tokens)
	}
	keys := func(ctx context.Context, p *identitycenter.Portal, tokens identitycenter.Tokens) error {
		_, err := p.RoleCredentials(ctx, tokens, "111122223333", "Role1")
		return err
	}
	for name, row := range map[string]struct {
		do     request
		status int
		kind   string
		want   string
	}{
		"throttled for ever": {accounts, 429, "TooManyRequestsException", "signin.throttled"},
		"ended":              {roles, 401, "UnauthorizedException", "signin.ended"},
		"no access":          {accounts, 403, "ForbiddenException", "signin.access"},
		"no role":            {keys, 404, "ResourceNotFoundException", "signin.role"},
		"down":               {logout, 503, "ServiceUnavailable", "signin.unavailable"},
		"a hotel's page":     {keys, 200, "", "aws.garbled"},
	} {
		t.Run(name, simulated(func(t *testing.T, s *service) {
			p, tokens := portal(t, s)
			s.failure = func(w http.ResponseWriter, _ *http.Request) bool {
				refuse(w, row.status, row.kind)
				return true
			}
			err := row.do(t.Context(), p, tokens)
			if model.ErrorCode(err) != row.want {
				t.Error(err)
			}
			hidden(t, err, tokens.Secrets()...)
		}))
	}
}

type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheNetworkIsExplained(t *testing.T) {
	for want, failure := range map[string]error{
		"aws.dns": &net.DNSError{Err: "no such host", IsNotFound: true}, "aws.timeout": context.DeadlineExceeded,
		"aws.unreachable": errors.New("connection refused"),
	} {
		o := options(nil)
		o.Client = clientFunc(func(*http.Request) (*http.Response, error) { return nil, failure })
		_, err := identitycenter.Begin(t.Context(), o, identitycenter.Registration{})
		if model.ErrorCode(err) != want || !strings.Contains(err.Error(), "oidc.eu-central-1.amazonaws.com") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestARequestThatHasNoTimeForItsTurnSaysSo(t *testing.T) {
	simulated(func(t *testing.T, s *service) {
		p, tokens := portal(t, s)
		if _, err := p.Roles(t.Context(), tokens, "111122223333"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := p.Roles(ctx, tokens, "111122223333"); model.ErrorCode(err) != "aws.timeout" {
			t.Error(err)
		}
	})(t)
}
