package identitycenter_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
)

const (
	start  = "https://d-1234567890.awsapps.com/start"
	region = "eu-central-1"
)

// service stands for Identity Center. It checks what AWS checks.
type service struct {
	t *testing.T

	mu       sync.Mutex
	clients  map[string][]string // grants by client
	codes    map[string]grant
	renewals map[string]string // clients by the token that renews
	access   string            // the access token that is valid
	device   []string          // answers to questions for a device's tokens, in order; then they are given
	asked    []time.Time       // when the portal was asked
	accounts int               // how many there are
	calls    int
	failure  func(w http.ResponseWriter, r *http.Request) bool // answers instead if it returns true; nil for never
}

type grant struct{ client, redirect, challenge string }

func newService(t *testing.T) *service {
	return &service{t: t, clients: map[string][]string{}, codes: map[string]grant{}, renewals: map[string]string{}, accounts: 3}
}

func options(s *service) identitycenter.Options {
	return identitycenter.Options{StartURL: start, Region: region, Client: s, Retryer: aws.NopRetryer{}}
}

// Do serves a request without a network.
func (s *service) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result(), nil
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.failure != nil && s.failure(w, r) {
		return
	}
	body := map[string]any{}
	if r.Method == http.MethodPost && r.ContentLength != 0 {
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			s.t.Error(err)
		}
	}
	switch r.URL.Path {
	case "/client/register":
		s.register(w, body)
	case "/device_authorization":
		s.authorizeDevice(w, body)
	case "/token":
		s.token(w, body)
	default:
		s.portal(w, r)
	}
}

func (s *service) register(w http.ResponseWriter, body map[string]any) {
	id := fmt.Sprintf("client-%d", len(s.clients)+1)
	s.clients[id] = list(body["grantTypes"])
	if body["clientType"] != "public" || body["issuerUrl"] != start || !slices.Equal(list(body["scopes"]), []string{"sso:account:access"}) {
		s.t.Errorf("registered as %v", body)
	}
	redirects := list(body["redirectUris"])
	if slices.Contains(s.clients[id], "authorization_code") && !slices.Equal(redirects, []string{"http://127.0.0.1/oauth/callback"}) {
		s.t.Errorf("registered for %v", body["redirectUris"])
	}
	reply(s.t, w, map[string]any{
		"clientId": id, "clientSecret": "secret-of-" + id, "clientSecretExpiresAt": time.Now().Add(90 * 24 * time.Hour).Unix(),
	})
}

func list(value any) []string {
	var texts []string
	values, ok := value.([]any)
	if !ok {
		return nil
	}
	for _, v := range values {
		texts = append(texts, fmt.Sprint(v))
	}
	return texts
}

// visit is what a person does in the browser with the URL of an attempt.
func (s *service) visit(ctx context.Context, address string) {
	s.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{"response_type": "code", "scopes": "sso:account:access", "code_challenge_method": "S256"} {
		if q.Get(name) != want {
			s.t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	s.mu.Lock()
	code := fmt.Sprintf("code-%d", len(s.codes)+1)
	s.codes[code] = grant{q.Get("client_id"), q.Get("redirect_uri"), q.Get("code_challenge")}
	s.mu.Unlock()
	if !strings.HasSuffix(u.Path, "/authorize") || !strings.HasPrefix(q.Get("redirect_uri"), "http://127.0.0.1:") {
		s.t.Fatalf("the page is %s", address)
	}
	back := q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, back, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	browser := http.Client{Timeout: time.Minute}
	answer, err := browser.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("HTTP %d, %v", answer.StatusCode, err)
	}
}

func (s *service) authorizeDevice(w http.ResponseWriter, body map[string]any) {
	if body["startUrl"] != start || !s.knows(body, "urn:ietf:params:oauth:grant-type:device_code") {
		refuse(w, http.StatusBadRequest, "InvalidClientException")
		return
	}
	reply(s.t, w, map[string]any{
		"deviceCode": "device-code-1", "userCode": "ABCD-EFGH", "verificationUri": start + "/#/device",
		"verificationUriComplete": start + "/#/device?user_code=ABCD-EFGH", "expiresIn": 600, "interval": 1,
	})
}

// knows reports whether the client of a request has its secret and may use a grant.
func (s *service) knows(body map[string]any, grant string) bool {
	id := fmt.Sprint(body["clientId"])
	return slices.Contains(s.clients[id], grant) && body["clientSecret"] == "secret-of-"+id
}

func (s *service) token(w http.ResponseWriter, body map[string]any) {
	kind, id := fmt.Sprint(body["grantType"]), fmt.Sprint(body["clientId"])
	if !s.knows(body, kind) {
		refuse(w, http.StatusUnauthorized, "InvalidClientException")
		return
	}
	switch kind {
	case "authorization_code":
		g, known := s.codes[fmt.Sprint(body["code"])]
		digest := sha256.Sum256(fmt.Append(nil, body["codeVerifier"]))
		if !known || g != (grant{id, fmt.Sprint(body["redirectUri"]), base64.RawURLEncoding.EncodeToString(digest[:])}) {
			s.t.Errorf("%v doesn't belong to %v", body, g)
			refuse(w, http.StatusBadRequest, "InvalidGrantException")
			return
		}
	case "refresh_token":
		spent := fmt.Sprint(body["refreshToken"])
		if s.renewals[spent] != id {
			refuse(w, http.StatusBadRequest, "InvalidGrantException")
			return
		}
		delete(s.renewals, spent)
	default:
		if len(s.device) > 0 {
			refuse(w, http.StatusBadRequest, s.device[0])
			s.device = s.device[1:]
			return
		}
	}
	s.give(w, id)
}

func (s *service) give(w http.ResponseWriter, client string) {
	s.access = fmt.Sprintf("access-token-%d", s.calls)
	renewal := fmt.Sprintf("renewal-token-%d", s.calls)
	s.renewals[renewal] = client
	reply(s.t, w, map[string]any{"accessToken": s.access, "expiresIn": 3600, "refreshToken": renewal, "tokenType": "Bearer"})
}

func (s *service) portal(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, time.Now())
	q := r.URL.Query()
	if r.Header.Get("X-Amz-Sso_bearer_token") != s.access || r.Header.Get("Authorization") != "" {
		refuse(w, http.StatusUnauthorized, "UnauthorizedException")
		return
	}
	switch r.URL.Path {
	case "/assignment/accounts":
		s.page(w, q, "accountList", s.accounts, func(i int) map[string]string {
			return map[string]string{
				"accountId": fmt.Sprintf("%012d", 999999999999-i), "accountName": fmt.Sprintf("Account %04d\x1b", i), "emailAddress": "a@b.example",
			}
		})
	case "/assignment/roles":
		s.page(w, q, "roleList", 2, func(i int) map[string]string {
			return map[string]string{"roleName": fmt.Sprintf("Role%d", 2-i), "accountId": q.Get("account_id")}
		})
	case "/federation/credentials":
		if q.Get("role_name") != "Role1" {
			refuse(w, http.StatusForbidden, "ForbiddenException")
			return
		}
		reply(s.t, w, map[string]any{"roleCredentials": map[string]any{
			"accessKeyId": "ASIAEXAMPLE", "secretAccessKey": "secret-key-of-role", "sessionToken": "session-token-of-role",
			"expiration": time.Now().Add(time.Hour).UnixMilli(),
		}})
	case "/logout":
		s.access = "none"
	default:
		s.t.Errorf("%s %s", r.Method, r.URL)
	}
}

// page replies with 100 of count entries at most.
func (s *service) page(w http.ResponseWriter, q url.Values, name string, count int, entry func(int) map[string]string) {
	if q.Get("max_result") != "100" {
		s.t.Errorf("asked for %s a page", q.Get("max_result"))
	}
	var from int
	if token := q.Get("next_token"); token != "" {
		fmt.Sscanf(token, "from-%d", &from) //nolint:errcheck // our own
	}
	var entries []map[string]string
	for i := from; i < min(from+100, count); i++ {
		entries = append(entries, entry(i))
	}
	body := map[string]any{name: entries}
	if from+100 < count {
		body["nextToken"] = fmt.Sprintf("from-%d", from+100)
	}
	reply(s.t, w, body)
}

func reply(t *testing.T, w http.ResponseWriter, body any) {
	t.Helper()
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		t.Error(err)
	}
}

func refuse(w http.ResponseWriter, status int, kind string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-ErrorType", kind)
	w.WriteHeader(status)
	io.WriteString(w, `{"error":"because","error_description":"because","message":"because"}`) //nolint:errcheck // a recorder takes all
}
