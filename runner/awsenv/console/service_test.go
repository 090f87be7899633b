package console_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const arn = "arn:aws:sts::111122223333:assumed-role/Developer/jo"

// service stands for AWS's sign-in in one region. It checks what AWS checks.
type service struct {
	t       *testing.T
	now     func() time.Time
	session string // whom it signs in
	life    int    // of keys, in seconds

	mu       sync.Mutex
	codes    map[string]grant
	renewals map[string]holder // by the token that renews
	proofs   map[string]bool   // by their id
	calls    int
	failure  func(w http.ResponseWriter) // instead of an answer; nil for none
}

type grant struct{ client, redirect, challenge string }

type holder struct{ client, key string }

func newService(t *testing.T) *service {
	return &service{
		t: t, now: time.Now, session: arn, life: 900,
		codes: map[string]grant{}, renewals: map[string]holder{}, proofs: map[string]bool{},
	}
}

// Do serves a request without a network.
func (s *service) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	answer := w.Result()
	answer.Request = r
	answer.Header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	return answer, nil
}

// visit is what a person does in the browser with the URL of an attempt. It returns the code and the state that come
// back, and where to.
func (s *service) visit(address string) (code, state, redirect string) {
	s.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{"response_type": "code", "scope": "openid", "code_challenge_method": "SHA-256"} {
		if q.Get(name) != want {
			s.t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	if digest, err := base64.RawURLEncoding.DecodeString(q.Get("code_challenge")); err != nil || len(digest) != sha256.Size {
		s.t.Errorf("the challenge %q is not a digest: %v", q.Get("code_challenge"), err)
	}
	if !strings.HasSuffix(u.Path, "/v1/authorize") || len(q.Get("state")) < 22 {
		s.t.Errorf("the page is %s", address)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	code = fmt.Sprintf("code-%d", len(s.codes)+1)
	s.codes[code] = grant{q.Get("client_id"), q.Get("redirect_uri"), q.Get("code_challenge")}
	return code, q.Get("state"), q.Get("redirect_uri")
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	key, err := s.checkProof(r)
	if err != nil {
		s.t.Error(err)
		refuse(w, http.StatusBadRequest, "ValidationException", "INVALID_REQUEST")
		return
	}
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/v1/token") || r.Header.Get("Authorization") != "" {
		s.t.Errorf("%s %s, signed: %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}
	if s.failure != nil {
		s.failure(w)
		return
	}
	var body map[string]string
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		s.t.Error(err)
	}
	switch body["grantType"] {
	case "authorization_code":
		s.exchange(w, body, key)
	case "refresh_token":
		s.refresh(w, body, key)
	default:
		refuse(w, http.StatusBadRequest, "ValidationException", "INVALID_REQUEST")
	}
}

func (s *service) exchange(w http.ResponseWriter, body map[string]string, key string) {
	g, known := s.codes[body["code"]]
	delete(s.codes, body["code"])
	digest := sha256.Sum256([]byte(body["codeVerifier"]))
	switch {
	case !known:
		refuse(w, http.StatusForbidden, "AccessDeniedException", "AUTHCODE_EXPIRED")
	case body["clientId"] != g.client, body["redirectUri"] != g.redirect,
		base64.RawURLEncoding.EncodeToString(digest[:]) != g.challenge:
		s.t.Errorf("%v doesn't belong to %v", body, g)
		refuse(w, http.StatusBadRequest, "ValidationException", "INVALID_REQUEST")
	default:
		s.answer(w, holder{g.client, key}, idToken(s.session))
	}
}

func (s *service) refresh(w http.ResponseWriter, body map[string]string, key string) {
	h, known := s.renewals[body["refreshToken"]]
	switch {
	case !known: // of another region, or spent
		refuse(w, http.StatusBadRequest, "ValidationException", "INVALID_REQUEST")
	case h != holder{body["clientId"], key}:
		s.t.Error("another client or key renews")
		refuse(w, http.StatusBadRequest, "ValidationException", "INVALID_REQUEST")
	default:
		delete(s.renewals, body["refreshToken"])
		s.answer(w, h, "")
	}
}

func (s *service) answer(w http.ResponseWriter, h holder, id string) {
	n := s.calls
	renewal := fmt.Sprintf("renewal-token-%d", n)
	s.renewals[renewal] = h
	body := map[string]any{
		"accessToken": map[string]string{
			"accessKeyId": fmt.Sprintf("ASIA%016d", n), "secretAccessKey": fmt.Sprintf("secret-key-%d", n),
			"sessionToken": fmt.Sprintf("session-token-%d", n),
		},
		"expiresIn": s.life, "refreshToken": renewal, "tokenType": "aws_sigv4",
	}
	if id != "" {
		body["idToken"] = id
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.t.Error(err)
	}
}

func refuse(w http.ResponseWriter, status int, kind, reason string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-ErrorType", kind)
	w.WriteHeader(status)
	io.WriteString(w, `{"error":"`+reason+`","message":"because"}`) //nolint:errcheck // a recorder takes all
}

func idToken(subject string) string {
	claims, err := json.Marshal(map[string]string{"sub": subject, "iss": "aws"})
	if err != nil {
		return ""
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"ES384"}`)) + "." + encode(claims) + "." + encode([]byte("signature"))
}

// checkProof verifies the proof of a request and returns its key.
func (s *service) checkProof(r *http.Request) (string, error) {
	address := *r.URL
	if address.Host == "" { // of a real server
		address.Scheme, address.Host = "http", r.Host
	}
	return s.checkText(r.Header.Get("DPoP"), address.String())
}

func (s *service) verifyText(proof, address string) error {
	_, err := s.checkText(proof, address)
	return err
}

func (s *service) checkText(proof, address string) (string, error) {
	parts := strings.Split(proof, ".")
	if len(parts) != 3 {
		return "", fmt.Errorf("the proof %q is no token", proof)
	}
	var head struct {
		Typ, Alg string
		Jwk      struct{ Kty, Crv, X, Y string }
	}
	var claims struct {
		Jti, Htm, Htu string
		Iat           int64
	}
	for i, to := range []any{&head, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return "", err
		}
		if err := json.Unmarshal(data, to); err != nil {
			return "", err
		}
	}
	if head.Typ != "dpop+jwt" || head.Alg != "ES256" || head.Jwk.Kty != "EC" || head.Jwk.Crv != "P-256" {
		return "", fmt.Errorf("the proof's header is %v", head)
	}
	if claims.Htm != http.MethodPost || claims.Htu != address || claims.Jti == "" || s.proofs[claims.Jti] {
		return "", fmt.Errorf("the proof is for %v, not for %s, or was used before", claims, address)
	}
	if age := s.now().Sub(time.Unix(claims.Iat, 0)).Abs(); age > time.Minute {
		return "", fmt.Errorf("the proof is %v old", age)
	}
	s.proofs[claims.Jti] = true
	return head.Jwk.X + head.Jwk.Y, verify(head.Jwk.X, head.Jwk.Y, parts[0]+"."+parts[1], parts[2])
}

// verify verifies a signature by ES256 as strictly as RFC 7518 §6.2.1.2 wants it.
func verify(x, y, text, signature string) error {
	var numbers [3][]byte
	for i, part := range []string{x, y, signature} {
		var err error
		if numbers[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return err
		}
	}
	if len(numbers[0]) != 32 || len(numbers[1]) != 32 || len(numbers[2]) != 64 {
		return fmt.Errorf("coordinates of %d and %d bytes, and a signature of %d", len(numbers[0]), len(numbers[1]), len(numbers[2]))
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, numbers[0]...), numbers[1]...))
	if err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(text))
	if !ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(numbers[2][:32]), new(big.Int).SetBytes(numbers[2][32:])) {
		return fmt.Errorf("the signature is wrong")
	}
	return nil
}

// regions sends each request to the service of its host's region.
type regions map[string]*service

func (rs regions) Do(r *http.Request) (*http.Response, error) {
	region, _, _ := strings.Cut(r.URL.Host, ".")
	s, known := rs[region]
	if !known {
		return nil, fmt.Errorf("nobody is at %s", r.URL.Host)
	}
	return s.Do(r)
}

// get has the browser bring its answer to the listener.
func get(ctx context.Context, t *testing.T, address string) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	browser := http.Client{Timeout: time.Minute}
	answer, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("HTTP %d, %v", answer.StatusCode, err)
	}
}
